using System.Globalization;
using Qube.Actions.Mail;
using Qube.Actions.Webhooks;
using Qube.Contracts.Actions;

namespace Qube.Actions.External;

/// <summary>Mails and web hooks with their attempts: many at once, none waiting for another's wait, each attempt a line in the job's <c>.cb</c>
/// file. What is in hand when the node dies begins again with the first attempt and the same firing id.</summary>
public sealed class ActionRunner : IActionRunner, IAsyncDisposable
{
    private readonly MailSender _mail;
    private readonly WebhookSender _webhooks;
    private readonly MailOptions _mailOptions;
    private readonly WebhookOptions _webhookOptions;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _mailTurns;
    private readonly SemaphoreSlim _webhookTurns;
    private readonly CancellationTokenSource _disposing = new();
    private int _disposed;

    /// <exception cref="ArgumentException">An option is out of bounds, or names a file that cannot be read; the message names it.</exception>
    public ActionRunner(MailOptions mail, WebhookOptions webhooks, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentNullException.ThrowIfNull(webhooks);
        mail.Validate();
        webhooks.Validate();
        _mailOptions = mail;
        _webhookOptions = webhooks;
        _time = time ?? TimeProvider.System;
        _mail = new MailSender(mail);
        _webhooks = new WebhookSender(webhooks, _time);
        _mailTurns = new SemaphoreSlim(mail.Concurrency);
        _webhookTurns = new SemaphoreSlim(webhooks.Concurrency);
    }

    /// <inheritdoc/>
    public async Task<ActionOutcome> RunAsync(ActionRun run, Action<string> retrying, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, _disposing.Token);
        if (run.Language == "webhook")
        {
            WebhookDelivery delivery = _webhooks.Prepare(run);
            return await TryAsync(run, retrying, "web hook", "dead letter", _webhookOptions.Retry, _webhookTurns, (attempt, cancel) => _webhooks.SendAsync(delivery, attempt, cancel), stop.Token);
        }

        MailDelivery? mail = _mail.Prepare(run, out string problem);
        if (mail is null)
        {
            await NoteAsync(run, $"mail: {problem}");
            return new ActionOutcome(IsDone: false, problem, 0);
        }

        return await TryAsync(run, retrying, "mail", "failed", _mailOptions.Retry, _mailTurns, (_, cancel) => _mail.SendAsync(mail, cancel), stop.Token);
    }

    /// <summary>Sends a test mail at once, one attempt, and says how it went in the server's words.</summary>
    /// <param name="to">Whom to; null is the administrator.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task<ActionOutcome> TestMailAsync(string? to, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, _disposing.Token);
        MailDelivery? mail = _mail.PrepareTest(to, _time.GetUtcNow(), out string problem);
        return mail is null ? new ActionOutcome(IsDone: false, problem, 0) : (await _mail.SendAsync(mail, stop.Token)) switch
        {
            AttemptResult.Done done => new ActionOutcome(IsDone: true, done.Text, 1),
            AttemptResult.Refused refused => new ActionOutcome(IsDone: false, $"failed: {refused.Text}", 1),
            AttemptResult.Failed failed => new ActionOutcome(IsDone: false, $"failed for now: {failed.Text}", 1),
            _ => throw new InvalidOperationException("an attempt without an end"),
        };
    }

    /// <summary>Cancels what is in hand.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _disposing.CancelAsync();
            _webhooks.Dispose();
        }
    }

    private async Task<ActionOutcome> TryAsync(
        ActionRun run, Action<string> retrying, string what, string givenUp, RetryOptions retry, SemaphoreSlim turns, Func<int, CancellationToken, Task<AttemptResult>> send, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            await turns.WaitAsync(cancel);
            AttemptResult result;
            try
            {
                result = await send(attempt, cancel);
            }
            finally
            {
                turns.Release();
            }

            cancel.ThrowIfCancellationRequested();
            switch (result)
            {
                case AttemptResult.Done done:
                    await NoteAsync(run, $"{what}: {done.Text}");
                    return new ActionOutcome(IsDone: true, done.Text, attempt);
                case AttemptResult.Refused refused:
                    return await GiveUpAsync(run, what, $"{givenUp}: {refused.Text}", attempt);
                case AttemptResult.Failed failed when attempt >= retry.Attempts:
                    return await GiveUpAsync(run, what, string.Create(CultureInfo.InvariantCulture, $"{givenUp}: {failed.Text} ({attempt} attempts)"), attempt);
                case AttemptResult.Failed failed:
                    TimeSpan wait = retry.WaitAfter(attempt, Random.Shared.NextDouble(), failed.AskedToWait);
                    await NoteAsync(run, string.Create(CultureInfo.InvariantCulture, $"{what}: {failed.Text}; attempt {attempt} of {retry.Attempts}, again in {wait.TotalSeconds:0.#} s"));
                    retrying(string.Create(CultureInfo.InvariantCulture, $"{failed.Text}; again in {wait.TotalSeconds:0.#} s"));
                    await Task.Delay(wait, _time, cancel);
                    break;
            }
        }
    }

    private async Task<ActionOutcome> GiveUpAsync(ActionRun run, string what, string text, int attempts)
    {
        await NoteAsync(run, $"{what}: {text}");
        return new ActionOutcome(IsDone: false, text, attempts, IsDeadLetter: run.Language == "webhook");
    }

    private async Task NoteAsync(ActionRun run, string text)
    {
        string moment = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string line = string.Create(CultureInfo.InvariantCulture, $"=== {moment} callback {run.CallbackId} of job {run.JobId}, on {run.EventText}, firing {run.FiringId}: {text} ===");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(run.OutputPath))!);
            await File.AppendAllTextAsync(run.OutputPath, string.Concat(line.Select(letter => char.IsControl(letter) ? ' ' : letter)) + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk costs the line; the outcome is in the journal.
        }
    }
}
