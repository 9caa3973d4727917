using Qube.Actors.Hosts;
using Xunit;

namespace Qube.Actors.Tests.Hosts;

public sealed class HostLockStringTests
{
    /// <summary>A Wednesday, three in the morning.</summary>
    private static readonly DateTimeOffset s_night = new(2026, 11, 25, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", 0)]
    [InlineData("host.processor_all=1", 8)]
    [InlineData("host.processor_all=0", 0)]
    [InlineData("host.processor_3=1", 1)]
    [InlineData("host.processor_3=1,host.processor_0=1,host.processor_3=1", 2)]
    [InlineData("host.processor_all=1,host.processor_3=0", 7)]
    [InlineData("host.processor_3=0, host.processor_all=1", 7)]
    [InlineData("host.processor_8=1", 0)]
    [InlineData(" host.processor_0 = 1 \n host.processor_1=1;", 2)]
    [InlineData("host.processor_all=watchdog 15", 0)]
    public void Should_count_locked_slots_when_a_host_has_eight(string text, int locked)
    {
        var parsed = HostLockString.Parse(text, out var error);

        Assert.Equal("", error);
        Assert.Equal(locked, parsed!.LockedSlots(8, s_night));
    }

    [Theory]
    [InlineData("host.processor_all=maybe", "maybe")]
    [InlineData("host.processor_x=1", "host.processor_x")]
    [InlineData("host.processor_-1=1", "host.processor_-1")]
    [InlineData("locked", "locked")]
    [InlineData("host.memory=1", "host.memory")]
    [InlineData("host.lock_mode=rude", "rude")]
    [InlineData("host.processor_0=1,{", "{")]
    [InlineData("host.processor_0=weekcalendar { 1 0 1 }", "weekcalendar")]
    public void Should_name_the_fault_when_a_lock_string_cannot_be_read(string text, string named)
    {
        Assert.Null(HostLockString.Parse(text, out var error));
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_follow_the_clock_when_a_slot_has_a_calendar(bool withHours)
    {
        // Locked on working days from 9 to 18.
        var rows = Enumerable.Range(0, 24).Select(hour =>
            (withHours ? $"{hour} " : "") + string.Join(' ', Enumerable.Range(0, 7).Select(day => hour is >= 9 and < 18 && day is >= 1 and <= 5 ? 1 : 0)));
        var text = $"host.processor_all=weekcalendar {{ hour 'sun' 'mon' 'tue' 'wed' 'thu' 'fri' 'sat'\n{string.Join('\n', rows)} }},host.lock_mode=aggressive";

        var parsed = HostLockString.Parse(text, out var error);

        Assert.Equal("", error);
        Assert.True(parsed!.IsTimed);
        Assert.True(parsed.IsAggressive);
        Assert.Equal(0, parsed.LockedSlots(4, s_night));
        Assert.Equal(4, parsed.LockedSlots(4, s_night.AddHours(6)));
        Assert.Equal(0, parsed.LockedSlots(4, s_night.AddHours(15)));
        Assert.Equal(0, parsed.LockedSlots(4, s_night.AddDays(4).AddHours(6)));
    }
}
