namespace Qube.Actions.Webhooks;

/// <summary>What is sent, the same bytes in every attempt.</summary>
/// <param name="FiringId">Idempotency key.</param>
/// <param name="Url">Where to.</param>
/// <param name="Body">The event in JSON.</param>
/// <param name="Signature">Of the body, or null.</param>
internal sealed record WebhookDelivery(string FiringId, Uri Url, byte[] Body, string? Signature);
