using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Qube.Load.Measure;

/// <summary>A script of a studio: one python with the module <c>qb</c> and one connection, told what to do line by line. It times each call for itself.</summary>
internal sealed class PythonClient : IAsyncDisposable
{
    private const string Code =
        """
        import json, os, sys, time
        sys.path.insert(0, sys.argv[1])
        import qb
        import http.client
        host = os.environ['QB_SUPERVISOR'].split('//')[1]
        bare = http.client.HTTPConnection(host)

        def job(name):
            return {'name': name, 'prototype': 'cmdrange', 'package': {'cmdline': '/bin/true'}, 'agenda': qb.genframes('1'), 'cpus': 1}

        def http_round():
            bare.request('GET', '/api/v1/time')
            bare.getresponse().read()

        last = []

        def submit():
            jobs = qb.submit(job('one'))
            assert len(jobs) == 1
            last[:] = [one['id'] for one in jobs]

        def fifty():
            jobs = qb.submit([job('fifty-%d' % one) for one in range(50)])
            assert len(jobs) == 50
            last[:] = [one['id'] for one in jobs]

        def born():
            # Each of them answers for itself, after its first commits.
            assert len(qb.jobinfo(id=last)) == len(last)

        calls = {'http': lambda given: http_round(), 'submit': lambda given: submit(), 'fifty': lambda given: fifty(), 'born': lambda given: born()}

        def info(given):
            found = qb.jobinfo(id=given)
            assert len(found) == 1 and found[0]['id'] == given, found

        def listed(given):
            found = qb.jobinfo(**given)
            assert len(found) == 100, len(found)

        calls.update(info=info, listed=listed)
        for line in sys.stdin:
            what, rounds = json.loads(line)
            call, times = calls[what], []
            for given in rounds:
                start = time.perf_counter()
                call(given)
                times.append(time.perf_counter() - start)
            print(json.dumps(times), flush=True)
        """;

    private readonly Process _process;

    private PythonClient(Process process) => _process = process;

    public static PythonClient Start(Uri supervisor)
    {
        var start = new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", Code, Path.Combine(AppContext.BaseDirectory, "python")])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["QB_SUPERVISOR"] = supervisor.ToString().TrimEnd('/');
        return new(Process.Start(start)!);
    }

    /// <summary>Calls one after another, so many; answers with the seconds of each.</summary>
    public Task<double[]> Call(string what, int count) => Ask($"[\"{what}\", {JsonSerializer.Serialize(new int[count])}]");

    /// <summary>As <see cref="Call(string, int)"/>, each with an argument in JSON.</summary>
    public Task<double[]> Call(string what, IEnumerable<string> arguments) => Ask(string.Create(CultureInfo.InvariantCulture, $"[\"{what}\", [{string.Join(',', arguments)}]]"));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<double[]> Ask(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the python client has ended; see above for why");
        return JsonSerializer.Deserialize<double[]>(answer)!;
    }
}
