using Qube.Contracts;
using Qube.Wire;

namespace Qube.Actors.Tests.Workers;

/// <summary>What a message weighs between two processes.</summary>
internal static class MessageWeight
{
    public static int Of(WorkerMessages.Report report)
    {
        using var stream = new MemoryStream();
        WireModel.Model.Serialize(stream, report);
        return (int)stream.Length;
    }
}
