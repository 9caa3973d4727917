using System.Buffers.Binary;
using System.Text;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// A request to start as it crosses the socket. Every string is followed by a NUL, so that the launcher hands pointers into the
/// received bytes straight to posix_spawn and marshals nothing.
/// </summary>
internal static class StartCommand
{
    /// <summary>Writes the request; the command line is parsed here, on the client's side.</summary>
    /// <exception cref="ArgumentException">No program to run, or a NUL inside a string.</exception>
    internal static void Write(ref FrameWriter writer, LaunchRequest request)
    {
        var arguments = CommandLine.Arguments(request.Command);
        if (arguments.Count == 0 || arguments[0].Length == 0)
        {
            throw new ArgumentException($"{request.Key}: there is no program to run", nameof(request));
        }

        writer.Key(request.Key);
        writer.Int32(request.Epoch);
        if (request.BackEnd is { } backEnd)
        {
            writer.Int32(backEnd.Run);
            writer.Text(backEnd.Item);
        }

        Text(ref writer, request.WorkingDirectory ?? string.Empty);
        Text(ref writer, request.StdoutPath ?? string.Empty);
        Text(ref writer, request.StderrPath ?? string.Empty);
        writer.Int32(arguments.Count);
        foreach (var argument in arguments)
        {
            Text(ref writer, argument);
        }

        writer.Int32(request.Environment.Count);
        foreach (var variable in request.Environment)
        {
            Text(ref writer, variable);
        }
    }

    /// <summary>Where the string at <paramref name="at"/> begins and how long it is; moves behind its NUL.</summary>
    internal static (int Offset, int Length) ReadText(ReadOnlySpan<byte> frame, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        var offset = at + 4;
        if (length < 0 || frame[offset + length] != 0)
        {
            throw new InvalidDataException("a start request holds a string without its end");
        }

        at = offset + length + 1;
        return (offset, length);
    }

    private static void Text(ref FrameWriter writer, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"a NUL in '{text}'", nameof(text));
        }

        var length = Encoding.UTF8.GetByteCount(text);
        writer.Int32(length);
        Encoding.UTF8.GetBytes(text, writer.Take(length));
        writer.Byte(0);
    }
}
