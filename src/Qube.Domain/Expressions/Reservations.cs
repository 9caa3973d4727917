using System.Collections.Immutable;
using System.Globalization;
using Qube.Domain.Syntax;

namespace Qube.Domain.Expressions;

/// <summary>
/// What each instance of a job takes while it runs (scheduling.md §5). Whoever does not name <c>host.processors</c> takes one: without
/// a slot of its own nothing would ever stop a job from filling a host; <c>host.processors=0</c> says that this is meant.
/// </summary>
public sealed class Reservations : IEquatable<Reservations>
{
    public const string Processors = "host.processors";

    private static readonly string[] _prefixes = ["host", "global", "license", "global_host", "license_host", "scoped"];

    private Reservations(string text, ImmutableArray<Reservation> all)
    {
        Text = text;
        All = all;
        Slots = all.First(static reservation => reservation.Name == Processors);
    }

    /// <summary><c>host.processors=1</c>.</summary>
    public static Reservations OneSlot { get; } = new(
        Processors + "=1", [new Reservation(Processors, ReservationKind.Exactly, 1, 1)]);

    public string Text { get; }

    /// <summary>Every resource once, <c>host.processors</c> among them.</summary>
    public ImmutableArray<Reservation> All { get; }

    /// <summary>The one of <c>host.processors</c>.</summary>
    public Reservation Slots { get; }

    /// <summary>True when every amount is fixed, so that instances of a job are alike.</summary>
    public bool AreExact => All.All(static reservation => reservation.Kind == ReservationKind.Exactly);

    public static Parsed<Reservations> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return OneSlot;
        }

        var all = ImmutableArray.CreateBuilder<Reservation>();
        int start = 0;
        foreach (string part in text.Split(','))
        {
            int offset = start + (part.Length - part.TrimStart().Length);
            start += part.Length + 1;
            if (ReadPart(part.Trim(), out string expected) is not { } reservation)
            {
                return part.Trim().Length == 0
                    ? SyntaxError.At(text, offset, expected)
                    : new SyntaxError(offset + 1, $"'{part.Trim()}'", expected);
            }

            if (all.Any(known => known.Name == reservation.Name))
            {
                return new SyntaxError(offset + 1, $"'{part.Trim()}'", $"{reservation.Name} only once");
            }

            all.Add(reservation);
        }

        if (!all.Any(static reservation => reservation.Name == Processors))
        {
            all.Insert(0, OneSlot.Slots);
        }

        return new Reservations(text, all.ToImmutable());
    }

    public bool Equals(Reservations? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as Reservations);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => string.Join(',', All);

    private static Reservation? ReadPart(string part, out string expected)
    {
        expected = "type.name=quantity with a type of " + string.Join(", ", _prefixes);
        int dot = part.IndexOf('.', StringComparison.Ordinal);
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        if (dot < 1 || equals < dot + 2 || !_prefixes.Contains(part[..dot], StringComparer.Ordinal))
        {
            return null;
        }

        string name = part[..equals].TrimEnd();
        string quantity = part[(equals + 1)..].Trim();
        expected = "a quantity N, N+, N*, N-M or all, N and M whole numbers, N at most M";
        if (name.Any(char.IsWhiteSpace))
        {
            return null;
        }

        if (quantity == "all")
        {
            return new Reservation(name, ReservationKind.Whole, 1, int.MaxValue);
        }

        if (quantity.EndsWith('+') || quantity.EndsWith('*'))
        {
            ReservationKind kind = quantity[^1] == '+' ? ReservationKind.AllFree : ReservationKind.Whole;
            return TryReadAmount(quantity[..^1], out int least) ? new Reservation(name, kind, least, int.MaxValue) : null;
        }

        string[] bounds = quantity.Split('-');
        if (!TryReadAmount(bounds[0], out int first) || bounds.Length > 2)
        {
            return null;
        }

        if (bounds.Length == 1)
        {
            return new Reservation(name, ReservationKind.Exactly, first, first);
        }

        return TryReadAmount(bounds[1], out int most) && first <= most
            ? new Reservation(name, first == most ? ReservationKind.Exactly : ReservationKind.UpTo, first, most)
            : null;
    }

    private static bool TryReadAmount(string text, out int amount) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out amount);
}
