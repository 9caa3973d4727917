namespace Qube.Actors.Hosts;

/// <summary>Whether one slot is locked, always or by the hour of the week.</summary>
public sealed class SlotLock
{
    private const int HoursPerDay = 24;
    private const int DaysPerWeek = 7;

    private readonly bool[] _lockedHours;

    private SlotLock(bool[] lockedHours) => _lockedHours = lockedHours;

    public static SlotLock Open { get; } = new([]);

    public static SlotLock Closed { get; } = new([.. Enumerable.Repeat(true, HoursPerDay * DaysPerWeek)]);

    /// <summary>True when the answer changes with the time.</summary>
    public bool IsTimed => _lockedHours.Contains(true) && _lockedHours.Contains(false);

    /// <param name="rows">24 rows, midnight first, of 7 days, Sunday first.</param>
    public static SlotLock Weekly(IReadOnlyList<bool> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Count, HoursPerDay * DaysPerWeek, nameof(rows));
        return new SlotLock([.. rows]);
    }

    /// <param name="at">In the farm's time zone: a calendar means the studio's clock.</param>
    public bool IsLocked(DateTimeOffset at) => _lockedHours.Length > 0 && _lockedHours[(at.Hour * DaysPerWeek) + (int)at.DayOfWeek];
}
