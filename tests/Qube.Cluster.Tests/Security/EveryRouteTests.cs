using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Qube.Cluster.Tests.Security;

/// <summary>Every route there is, asked by those who may not: the list is the farm's own, so that a new route fails here until it is thought of.</summary>
public sealed class EveryRouteTests(GuardedFarm guarded) : IClassFixture<GuardedFarm>
{
    private const string Cmd = "'prototype':'cmdline','package':{'cmdline':'true'}";

    /// <summary>What each route that takes something is asked for: all of it is about JOB, which is bob's, or about the farm.</summary>
    private static readonly Dictionary<string, string[]> s_bodies = new(StringComparer.Ordinal)
    {
        ["/api/v1/jobs"] = ["{'jobs':[{'name':'theirs'," + Cmd + "}]USER}", "{'jobs':[{'name':'theirs','user':'bob'," + Cmd + "}]}"],
        ["/api/v1/jobs/check"] = ["{'jobs':[{'name':'theirs'," + Cmd + "}]USER}"],
        ["/api/v1/jobs/query"] = ["{'ids':[JOB]}"],
        ["/api/v1/control"] =
        [
            .. "block kill retry requeue interrupt preempt migrate suspend retire complete fail shove top bottom unblock remove".Split(' ')
                .SelectMany(verb => (string[])[$"{{'verb':'{verb}','ids':[JOB]USER}}", $"{{'verb':'{verb}','scope':'both','ids':[JOB]USER}}", $"{{'verb':'{verb}','scope':'work','ids':['JOB:1']USER}}"]),
        ],
        ["/api/v1/modify"] = ["{'ids':[JOB],'params':{'priority':1,'name':'theirs'}USER}", "{'ids':[JOB],'params':{'cpus':9}USER}", "{'ids':[JOB],'params':{'label':'theirs'}USER}"],
        ["/api/v1/hist"] = ["{'ids':[JOB]}"],
        ["/api/v1/logs"] = ["{'ids':[JOB]}"],
        ["/api/v1/hosts/query"] = ["{}"],
        ["/api/v1/hosts/lock"] = ["{'names':['farmhost'],'lock':true,'purge':trueUSER}"],
        ["/api/v1/hosts/vars"] = ["{'names':['farmhost'],'resources':'host.x=2/5'USER}"],
        ["/api/v1/resources"] = ["{'resources':{'license.theirs':[0,5]}USER}"],
        ["/api/v1/modes"] = ["{'set':['reject_submit']USER}", "{'set':['stop_activity']USER}"],
        ["/api/v1/users"] = ["{'action':'add','name':'eve','permissions':['admin']USER}", "{'action':'delete','name':'bob'USER}"],
        ["/api/v1/trigger"] = ["{'event':'theirs-job-JOB'USER}", "{'event':'theirs-work-JOB-1'USER}", "{'event':'theirs-host-*-farmhost'USER}", "{'event':'theirs-global'USER}"],
        ["/api/v1/callbacks"] = ["{'callbacks':[{'triggers':'x-global','language':'python','code':'pass'}]USER}"],
        ["/api/v1/callbacks/remove"] = ["{'ids':[GLOBAL]USER}"],
        ["/api/v1/refire"] = ["{'firings':['FIRING']USER}"],
        ["/api/v1/mailtest"] = ["{}"],
    };

    [Fact]
    public async Task Should_refuse_every_route_when_there_is_no_token_or_a_wrong_one_or_one_without_permission()
    {
        var (job, firing, global) = await Prepare();
        var routes = await Routes();
        foreach (var token in (string?[])[null, "wrong", "eve-0123456789abcdef-bob", "qc1.AAAA.AAAA"])
        {
            foreach (var (method, path) in routes)
            {
                foreach (var body in BodiesOf(method, path, job, firing, global, user: null))
                {
                    var (status, text) = await guarded.Send(method, Filled(path, job), token, body);
                    Assert.True(status == HttpStatusCode.Unauthorized, $"{method} {path} with {token ?? "no token"} answered {status}: {text}");
                }
            }
        }

        // One who may do nothing, in every name.
        await guarded.Ok("root", "/api/v1/users", "{'action':'set','name':'eve'}");
        var before = await State(job);
        foreach (var user in (string?[])[null, "eve", "bob", "root"])
        {
            foreach (var (method, path) in routes)
            {
                foreach (var body in BodiesOf(method, path, job, firing, global, user))
                {
                    var (status, text) = await guarded.Send(method, Filled(path, job), GuardedFarm.Token("eve"), body);
                    Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, $"{method} {path} {body} answered {status}: {text}");
                }
            }
        }

        Assert.Equal(before, await State(job));

        // One with the permissions that all have, on another's job.
        await guarded.Ok("root", "/api/v1/users", "{'action':'delete','name':'eve'}");
        foreach (var path in (string[])["/api/v1/control", "/api/v1/modify", "/api/v1/refire"])
        {
            foreach (var body in BodiesOf(HttpMethod.Post, path, job, firing, global, user: null))
            {
                var (status, text) = await guarded.Send(HttpMethod.Post, path, GuardedFarm.Token("eve"), body);
                Assert.True(status == HttpStatusCode.OK ? text.Contains("\"affected\":[]", StringComparison.Ordinal) : status == HttpStatusCode.BadRequest, $"{path} {body} answered {status}: {text}");
            }
        }

        Assert.Equal(before, await State(job));
        var history = (await guarded.Ok("bob", "/api/v1/hist", $"{{'ids':[{job}]}}")).ToString();
        Assert.Contains("eve: kill refused: no permission for jobs of bob", history, StringComparison.Ordinal);

        // And whose it is may.
        var done = await guarded.Ok("bob", "/api/v1/control", $"{{'verb':'kill','ids':[{job}]}}");
        Assert.NotEqual(0, done.GetProperty("affected").GetArrayLength());
    }

    /// <summary>A job of bob's that is held, with a callback that has fired; and a global callback.</summary>
    private async Task<(long Job, string Firing, long Global)> Prepare()
    {
        var job = await guarded.Submit(
            "bob", "{'name':'bobs','status':'blocked','agenda':[{'name':'1'},{'name':'2'}],'callbacks':[{'triggers':'go-job-self','language':'python','code':'pass'}]," + Cmd + "}");
        await guarded.Ok("bob", "/api/v1/trigger", $"{{'event':'go-job-{job}'}}");
        var firings = await Farms.Eventually.Get(
            "the callback's firing done",
            () => guarded.Ok("bob", $"/api/v1/jobs/{job}/firings").GetAwaiter().GetResult().GetProperty("firings"),
            found => found.GetArrayLength() == 1 && found[0].GetProperty("state").GetString() == "done");
        var added = await guarded.Ok("root", "/api/v1/callbacks", "{'callbacks':[{'triggers':'never-global','language':'python','code':'pass'}]}");
        return (job, firings[0].GetProperty("id").GetString()!, added.GetProperty("callbacks")[0].GetProperty("id").GetInt64());
    }

    private async Task<List<(HttpMethod Method, string Path)>> Routes()
    {
        var document = await guarded.Ok("bob", "/openapi/v1.json");
        var routes = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (new HttpMethod(method.Name.ToUpperInvariant()), path.Name)))
            .ToList();
        Assert.True(routes.Count > 25, $"the farm lists only {routes.Count} routes");
        routes.Add((HttpMethod.Get, "/openapi/v1.json"));
        routes.Add((HttpMethod.Get, "/metrics"));
        return routes;
    }

    private static IEnumerable<string?> BodiesOf(HttpMethod method, string path, long job, string firing, long global, string? user)
    {
        if (method == HttpMethod.Get)
        {
            return [null];
        }

        Assert.True(s_bodies.ContainsKey(path), $"{method} {path} is new: what is to be asked there by those who may not?");
        return s_bodies[path].Select(body => body
            .Replace("USER", user is null ? "" : $",'user':'{user}'", StringComparison.Ordinal)
            .Replace("JOB", job.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("GLOBAL", global.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("FIRING", firing, StringComparison.Ordinal));
    }

    private static string Filled(string path, long job) => path
        .Replace("{id}", job.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{host}", "farmhost", StringComparison.Ordinal);

    /// <summary>All that anybody could have changed.</summary>
    private async Task<string> State(long job)
    {
        var jobs = await guarded.Ok("root", "/api/v1/jobs/query", "{'fields':['id','name','user','status','priority']}");
        var host = (await guarded.Ok("root", "/api/v1/hosts/query", "{}")).GetProperty("hosts")[0];
        var firings = (await guarded.Ok("root", $"/api/v1/jobs/{job}/firings")).GetProperty("firings");
        var users = (await guarded.Ok("root", "/api/v1/users")).GetProperty("users").EnumerateArray().Where(user => user.GetProperty("name").GetString() != "eve").Select(user => user.ToString());
        return string.Join('\n',
        [
            // A refusal is noted, and that is an update.
            Regex.Replace((await guarded.Job(job)).ToString(), "\"lastupdate\": *[0-9.]+", ""),
            string.Join(' ', jobs.GetProperty("jobs").EnumerateArray().Select(one => $"{one.GetProperty("id")} {one.GetProperty("status")}").Order(StringComparer.Ordinal)),
            host.GetProperty("locks").ToString(),
            host.GetProperty("resources").ToString(),
            firings.ToString(),
            string.Join(' ', users),
            .. await Task.WhenAll(((string[])["/api/v1/resources", "/api/v1/modes", "/api/v1/callbacks"]).Select(async path => (await guarded.Ok("root", path)).ToString())),
        ]);
    }
}
