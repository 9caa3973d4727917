using System.Globalization;
using Qube.Domain.Ranges;

namespace Qube.Domain.Execution;

/// <summary>What the frame tokens and variables stand for while one item runs (jobs.md §4.2).</summary>
public sealed record ItemTokens
{
    public required string Number { get; init; }

    public required string Start { get; init; }

    public required string End { get; init; }

    public required string Step { get; init; }

    public required string Range { get; init; }

    public required string PaddedNumber { get; init; }

    public required string PaddedStart { get; init; }

    public required string PaddedEnd { get; init; }

    public required string PaddedStep { get; init; }

    /// <summary>Reads the item's name: a frame, a range, or a label, for which every token is the label.</summary>
    /// <param name="itemName">Name of the item; the range token is this text unpadded.</param>
    /// <param name="padding">Least number of characters of a padded number, its sign included, as printf's <c>%0Nd</c>; 0 and 1 pad nothing.</param>
    public static ItemTokens Of(string itemName, int padding)
    {
        if (!ItemFrames.TryRead(itemName, out long first, out long last, out long step))
        {
            return new ItemTokens
            {
                Number = itemName,
                Start = itemName,
                End = itemName,
                Step = itemName,
                Range = itemName,
                PaddedNumber = itemName,
                PaddedStart = itemName,
                PaddedEnd = itemName,
                PaddedStep = itemName,
            };
        }

        return new ItemTokens
        {
            Number = Pad(first, 0),
            Start = Pad(first, 0),
            End = Pad(last, 0),
            Step = Pad(step, 0),
            Range = itemName,
            PaddedNumber = Pad(first, padding),
            PaddedStart = Pad(first, padding),
            PaddedEnd = Pad(last, padding),
            PaddedStep = Pad(step, padding),
        };
    }

    private static string Pad(long number, int padding)
    {
        string digits = Math.Abs(number).ToString(CultureInfo.InvariantCulture);
        string sign = number < 0 ? "-" : "";
        return sign + digits.PadLeft(Math.Max(0, Math.Min(padding, 64) - sign.Length), '0');
    }
}
