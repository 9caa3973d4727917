using System.Diagnostics;
using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Node.Tests.Launcher;

/// <summary>What was written is read again, from any prefix and under any defect of the tail.</summary>
public sealed class RunFileTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("qube-run-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Should_recover_the_last_whole_record_when_the_tail_is_missing_or_damaged(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var folder = Path.Combine(_root, "whole");
        var history = new List<(long Length, string State)>();
        using (var run = RunFile.Open(folder))
        {
            history.Add((run.LengthBytes, Digest(run.State)));
            for (var i = 0; i < 60; i++)
            {
                Step(run, random);
                history.Add((run.LengthBytes, Digest(run.State)));
            }
        }

        var bytes = File.ReadAllBytes(Path.Combine(folder, "run"));
        Assert.Equal(history[^1].Length, bytes.Length);
        for (var cut = 24; cut <= bytes.Length; cut++)
        {
            Check(bytes[..cut], history.Last(h => h.Length <= cut).State, $"cut at {cut}");
        }

        for (var i = 0; i < 200; i++)
        {
            var at = random.Next(24, bytes.Length);
            var damaged = bytes.ToArray();
            damaged[at] ^= (byte)(1 << random.Next(8));
            Check(damaged, history.Last(h => h.Length <= at).State, $"damaged at {at}");
        }
    }

    [Fact]
    public void Should_keep_all_that_counts_when_compacted()
    {
        var random = new Random(5);
        using var run = RunFile.Open(_root);
        for (var i = 0; i < 500; i++)
        {
            Step(run, random);
        }

        var (before, length, id) = (Digest(run.State), run.LengthBytes, run.Id);
        run.Compact();
        Assert.True(run.LengthBytes < length, $"{run.LengthBytes} of {length} bytes");
        Assert.Equal(before, Digest(run.State));
        run.Append(new IntentRecord(new LaunchKey(9, 9, 9, 9), 1, 2, 3));
        var after = Digest(run.State);
        run.Dispose();

        using var again = RunFile.Open(_root);
        Assert.Equal((after, id), (Digest(again.State), again.Id));
    }

    [Fact]
    public void Should_refuse_a_file_when_it_is_not_a_run_file()
    {
        File.WriteAllText(Path.Combine(_root, "run"), "somebody's letter, long enough");

        Assert.Contains("is not a launcher's run file", Assert.Throws<IOException>(() => RunFile.Open(_root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_spare_another_process_when_it_has_got_the_pid()
    {
        using var other = Process.Start("sleep", "1000");
        try
        {
            using var run = RunFile.Open(_root);
            run.AppendBoot(ProcFs.BootId());
            run.Append(new StartedRecord(new LaunchKey(1, 0, 0, 1), 1, other.Id, ProcFs.Read(other.Id)!.Value.StartTicks - 1, 1000));

            RunFileMending.Mend(run, static _ => -1, LaunchPeer.Limit);

            Assert.Equal(LaunchOutcome.Lost, Assert.Single(run.State.Ended.Values).Outcome);
            Assert.Empty(run.State.Running);
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public void Should_touch_nothing_when_the_machine_has_booted_since()
    {
        using var other = Process.Start("sleep", "1000");
        try
        {
            using var run = RunFile.Open(_root);
            run.AppendBoot(Guid.NewGuid());
            run.Append(new StartedRecord(new LaunchKey(1, 0, 0, 1), 1, other.Id, ProcFs.Read(other.Id)!.Value.StartTicks, 1000));
            run.Append(new IntentRecord(new LaunchKey(1, 1, 0, 1), 1, 1000, 0));

            RunFileMending.Mend(run, static _ => -1, LaunchPeer.Limit);

            Assert.All(run.State.Ended.Values, e => Assert.Equal(LaunchOutcome.Lost, e.Outcome));
            Assert.Equal((2, 0, 0), (run.State.Ended.Count, run.State.Running.Count, run.State.Intents.Count));
            Assert.Equal(ProcFs.BootId(), run.State.BootId);
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public void Should_look_for_no_session_of_everybody_when_a_leader_is_not_known() =>
        Assert.Equal([5], SessionKill.Sessions([(0, "a"), (1, "b"), (5, "c")]));

    private void Check(byte[] bytes, string state, string what)
    {
        var folder = Path.Combine(_root, "part");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "run"), bytes);
        string appended;
        using (var run = RunFile.Open(folder))
        {
            Assert.True(Digest(run.State) == state, $"{what}: expected {state}, found {Digest(run.State)}");
            run.Append(new IntentRecord(new LaunchKey(7, 7, 7, 7), 7, 7, 7));
            appended = Digest(run.State);
        }

        // What is written behind a tail that was cut off counts.
        using var again = RunFile.Open(folder);
        Assert.True(Digest(again.State) == appended, $"{what}, appended to: expected {appended}, found {Digest(again.State)}");
    }

    // What a launcher may write: an intent of a new key, its start, its end; both again under a higher epoch; ends recorded.
    private static void Step(RunFile run, Random random)
    {
        var (state, epoch) = (run.State, random.Next(5));
        switch (random.Next(8))
        {
            case < 3:
                var key = new LaunchKey(random.Next(1, 4), random.Next(-1, 1000), random.Next(2), 1);
                if (!state.Running.ContainsKey(key) && !state.Ended.ContainsKey(key) && !state.WasRecorded(key))
                {
                    run.Append(new IntentRecord(key, epoch, random.NextInt64(), random.NextInt64()));
                }

                break;
            case < 5 when state.Intents.Keys.Concat(state.Running.Keys).ToList() is { Count: > 0 } startable:
                run.Append(new StartedRecord(
                    startable[random.Next(startable.Count)], epoch, random.Next(2, 1 << 22), random.NextInt64(), random.NextInt64()));
                break;
            case < 7 when state.Intents.Keys.Concat(state.Running.Keys).Concat(state.Ended.Keys).ToList() is { Count: > 0 } endable:
                run.Append(new EndedRecord(
                    endable[random.Next(endable.Count)], epoch, (LaunchOutcome)random.Next(1, 5), random.Next(256), random.NextInt64(),
                    random.NextInt64(), new LaunchUsage(random.NextInt64(), random.NextInt64(), random.NextInt64())));
                break;
            default:
                run.AppendRecorded([.. state.Ended.Keys.Take(random.Next(3))]);
                break;
        }
    }

    private static string Digest(RunState state) => string.Join(
        '\n',
        state.Running.Values.Select(r => r.ToString()).Concat(state.Intents.Values.Select(i => i.ToString())).Concat(state.Ended.Values.Select(e => e.ToString()))
            .Concat(state.Recorded.Select(k => $"recorded {k}")).Concat(state.Epochs.Select(e => $"epoch {e}")).Append($"boot {state.BootId}").Order(StringComparer.Ordinal));
}
