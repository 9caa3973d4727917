using FsCheck;
using FsCheck.Fluent;

namespace Qube.Domain.Tests.Ranges;

/// <summary>A good range text with what it means, worked out the slow way.</summary>
public sealed record RangeText(IReadOnlyList<RangeText.Part> Parts)
{
    public sealed record Part(int First, int Last, int Step, string? Name)
    {
        public override string ToString() => Name ?? (First == Last ? $"{First}" : Step == 1 ? $"{First}-{Last}" : $"{First}-{Last}x{Step}");
    }

    public string Text => string.Join(',', Parts);

    public IEnumerable<string> Expand()
    {
        foreach (Part part in Parts)
        {
            if (part.Name is not null)
            {
                yield return part.Name;
                continue;
            }

            int direction = part.Last >= part.First ? part.Step : -part.Step;
            for (int frame = part.First; direction > 0 ? frame <= part.Last : frame >= part.Last; frame += direction)
            {
                yield return $"{frame}";
            }
        }
    }

    public override string ToString() => Text;
}

public static class RangeTexts
{
    public static Arbitrary<RangeText> Texts()
    {
        Gen<RangeText.Part> numbers =
            from first in Gen.Choose(-30, 30)
            from last in Gen.Frequency((1, Gen.Constant(first)), (3, Gen.Choose(-30, 30)))
            from step in Gen.Frequency((2, Gen.Constant(1)), (3, Gen.Choose(1, 7)))
            select new RangeText.Part(first, last, step, null);
        Gen<RangeText.Part> names = Gen.Elements("ls", "set", "echo HI", "x5").Select(name => new RangeText.Part(0, 0, 1, name));
        Gen<RangeText.Part> parts = Gen.Frequency((6, numbers), (1, names));
        return Gen.Choose(1, 6).SelectMany(count => Gen.ArrayOf(parts, count)).Select(list => new RangeText(list)).ToArbitrary();
    }
}
