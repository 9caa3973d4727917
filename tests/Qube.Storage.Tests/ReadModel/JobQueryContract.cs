using System.Globalization;
using Qube.Contracts;
using Xunit;

namespace Qube.Storage.Tests.ReadModel;

/// <summary>Filters, bounds, order and pages over one small farm, wherever its rows are.</summary>
public abstract class JobQueryContract(string? postgres) : ReadModelTest(postgres)
{
    private static readonly JobSummary[] s_farm =
    [
        Job(1, "Comp_010", "ana", "complete", 10, 100, 500, """{"shot":"sq10_sh010","frames":7,"rush":true,"rate":2.5}"""),
        Job(2, "comp_020", "bob", "running", 20, 200, 400, """{"shot":"sq10_sh020","frames":70,"rush":false,"nothing":null}"""),
        Job(3, "light A", "ana", "pending", 20, 300, 300, """{"shot":"SQ10_SH030","name":"not the column's"}"""),
        Job(4, "light?B", "cleo", "failed", 5, 400, 200, """{"version":"4","Größe \"L\"":"ja"}""") with { Prototype = "cmdrange" },
        Job(5, "100%", "ana", "running", 100, 500, 100, "{}") with { Label = "A" },
    ];

    [Theory]
    [InlineData("status", "running", "5 2")]
    [InlineData("status", "running|failed", "5 4 2")]
    [InlineData("status", "Running", "")]
    [InlineData("STATUS", "running", "5 2")]
    [InlineData("status", "", "")]
    [InlineData("label", "", "4 3 2 1")]
    [InlineData("type", "cmdrange", "4")]
    [InlineData("prototype", "cmdrange", "4")]
    [InlineData("priority", "20", "3 2")]
    [InlineData("priority", "020", "3 2")]
    [InlineData("priority", "20.0", "3 2")]
    [InlineData("priority", "20.5", "")]
    [InlineData("priority", "high", "")]
    [InlineData("priority", "5|100|high", "5 4")]
    [InlineData("id", "1|3|99", "3 1")]
    [InlineData("timesubmit", "300", "3")]
    public void Should_find_equal_values_when_a_column_is_named(string name, string patterns, string expected) => Check(name, patterns, expected);

    [Theory]
    [InlineData("name", "comp*", "2")]
    [InlineData("name", "Comp*", "1")]
    [InlineData("name", "%omp%", "2 1")]
    [InlineData("name", "*", "5 4 3 2 1")]
    [InlineData("name", "light*A", "3")]
    [InlineData("name", "light?*", "4")]
    [InlineData("name", "[c]omp*", "")]
    [InlineData("name", "100%", "5")]
    [InlineData("name", "%_omp_010", "1")]
    [InlineData("name", "%_Comp_010", "")]
    [InlineData("name", "comp_*", "2")]
    [InlineData("name", "ligh_*", "")]
    [InlineData("priority", "*0", "5 3 2 1")]
    [InlineData("name", "comp*|*A|100%", "5 3 2")]
    public void Should_match_the_whole_value_when_a_pattern_has_wildcards(string name, string patterns, string expected) => Check(name, patterns, expected);

    [Theory]
    [InlineData("name", "~omp", "2 1")]
    [InlineData("name", "~^comp", "2")]
    [InlineData("name", "~(?i)^comp_0[12]0$", "2 1")]
    [InlineData("name", "~", "5 4 3 2 1")]
    [InlineData("name", "~^light.B$", "4")]
    [InlineData("name", "~*", null)]
    [InlineData("name", "~%$", "5")]
    [InlineData("priority", "~^.0$", "3 2 1")]
    [InlineData("name", "~^light|comp*|100%", "5 4 3 2")]
    public void Should_look_anywhere_when_a_pattern_is_a_regular_expression(string name, string patterns, string? expected)
    {
        if (expected is not null)
            Check(name, patterns, expected);
        else
            Assert.Contains($"'{patterns}'", Assert.Throws<ArgumentException>(() => Ids(Farm(), Where(name, patterns))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shot", "sq10_sh010", "1")]
    [InlineData("shot", "sq10_sh010|SQ10_SH030", "3 1")]
    [InlineData("shot", "sq10*", "2 1")]
    [InlineData("shot", "~(?i)^sq10_", "3 2 1")]
    [InlineData("SHOT", "sq10_sh010", "")]
    [InlineData("frames", "7", "1")]
    [InlineData("frames", "7*", "2 1")]
    [InlineData("rate", "2.5", "1")]
    [InlineData("rush", "1", "1")]
    [InlineData("rush", "0", "2")]
    [InlineData("nothing", "", "")]
    [InlineData("nothing", "*", "")]
    [InlineData("name", "not the column's", "")]
    [InlineData("version", "4", "4")]
    [InlineData("Größe \"L\"", "ja", "4")]
    [InlineData("unknown", "~", "")]
    public void Should_look_into_the_dictionary_when_no_column_is_named(string name, string patterns, string expected) => Check(name, patterns, expected);

    [Fact]
    public void Should_find_escaped_keys_and_values_when_the_dictionary_was_written_with_escapes()
    {
        var model = Open();
        var json = Json(new Dictionary<string, string> { ["ключ <\"&>"] = "größe 🎬" });
        Assert.Contains("\\u", json, StringComparison.Ordinal);
        model.Upsert([Row(1) with { Json = json }]);

        Assert.Equal([1], Ids(model, Where("ключ <\"&>", "größe 🎬")));
        Assert.Equal([1], Ids(model, Where("ключ <\"&>", "*ße*")));
        Assert.Equal([1], Ids(model, Where("ключ <\"&>", "~^gr.ße")));
    }

    [Fact]
    public void Should_pass_no_job_when_a_filter_has_no_pattern()
    {
        Assert.Empty(Ids(Farm(), Where("status")));
        Assert.Empty(Ids(Farm(), Where("shot")));
    }

    [Fact]
    public void Should_ask_all_of_a_job_when_there_are_several_conditions()
    {
        var query = new JobQuery
        {
            Ids = [1, 2, 3, 5],
            Filters = [new JobFilter { Name = "user", Patterns = ["ana", "bob"] }, new JobFilter { Name = "priority", Patterns = ["20", "10"] }],
            MinId = 2,
        };

        Assert.Equal([3, 2], Ids(Farm(), query));
        Assert.Equal([3], Ids(Farm(), query with { Filters = [.. query.Filters, new JobFilter { Name = "shot", Patterns = ["~SH03"] }] }));
    }

    [Fact]
    public void Should_give_only_known_ids_when_ids_are_asked_for()
    {
        Assert.Equal([4, 2], Ids(Farm(), new JobQuery { Ids = [2, 4, 99, 2] }));
        Assert.Empty(Ids(Farm(), new JobQuery { Ids = [99] }));
    }

    [Fact]
    public void Should_take_bounds_as_inclusive_and_zero_as_open()
    {
        var model = Farm();

        Assert.Equal([4, 3, 2], Ids(model, new JobQuery { MinId = 2, MaxId = 4 }));
        Assert.Equal([5, 4], Ids(model, new JobQuery { MinId = 4 }));
        Assert.Equal([2, 1], Ids(model, new JobQuery { MaxId = 2 }));
        Assert.Equal([3, 2], Ids(model, new JobQuery { SubmittedAfter = 200, SubmittedBefore = 300 }));
        Assert.Equal([5], Ids(model, new JobQuery { SubmittedAfter = 401 }));
        Assert.Equal([1], Ids(model, new JobQuery { SubmittedBefore = 199 }));
        Assert.Equal([4, 3], Ids(model, new JobQuery { UpdatedAfter = 200, UpdatedBefore = 300 }));
        Assert.Equal([1], Ids(model, new JobQuery { UpdatedAfter = 401 }));
        Assert.Equal([5], Ids(model, new JobQuery { UpdatedBefore = 199 }));
        Assert.Empty(Ids(model, new JobQuery { MinId = 4, MaxId = 3 }));
    }

    [Theory]
    [InlineData("", "5 4 3 2 1")]
    [InlineData("  ", "5 4 3 2 1")]
    [InlineData("id", "1 2 3 4 5")]
    [InlineData("ID asc", "1 2 3 4 5")]
    [InlineData("id DESC", "5 4 3 2 1")]
    [InlineData("priority", "4 1 3 2 5")]
    [InlineData("priority, id", "4 1 2 3 5")]
    [InlineData(" priority  desc ,\tid Asc", "5 2 3 1 4")]
    [InlineData("user, lastupdate", "5 3 1 2 4")]
    [InlineData("name", "5 1 2 3 4")]
    [InlineData("type, id", "4 1 2 3 5")]
    public void Should_sort_by_columns_when_an_order_is_given(string orderBy, string expected)
    {
        var model = Farm(prototypeOfOthers: "cmdz");

        Assert.Equal(expected, Text(model.Query(new JobQuery { OrderBy = orderBy })));
        Assert.Equal(expected, Text(model.Query(new JobQuery { OrderBy = orderBy, WithoutJson = true })));
    }

    [Theory]
    [InlineData("colour", "'colour'")]
    [InlineData("version", "'version'")]
    [InlineData("shot", "'shot'")]
    [InlineData("id; DROP TABLE jobs", "'id;'")]
    [InlineData("id, (SELECT 1)", "'(SELECT'")]
    [InlineData("id DOWN", "'id DOWN'")]
    [InlineData("id DESC DESC", "'id DESC DESC'")]
    [InlineData("id,,priority", "'id,,priority'")]
    [InlineData(",", "','")]
    public void Should_name_the_fault_when_the_order_is_none(string orderBy, string named)
    {
        var wrong = Assert.Throws<ArgumentException>(() => Farm().Query(new JobQuery { OrderBy = orderBy }));

        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "~(")]
    [InlineData("shot", "~[z-a]")]
    public void Should_name_filter_and_pattern_when_a_regular_expression_is_none(string name, string pattern)
    {
        var wrong = Assert.Throws<ArgumentException>(() => Farm().Query(Where(name, "ok", pattern)));

        Assert.Contains($"filter '{name}': '{pattern}'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_name_the_pattern_and_go_on_answering_when_a_regular_expression_never_ends()
    {
        var model = Farm();
        model.Upsert([Row(6) with { Name = new string('a', 5_000) + "!" }]);

        var wrong = Assert.Throws<ArgumentException>(() => model.Query(Where("name", "~^(a+)+$")));

        Assert.Contains("'~^(a+)+$'", wrong.Message, StringComparison.Ordinal);
        Assert.Equal([6], Ids(model, Where("name", "~^a+!$")));
    }

    [Fact]
    public void Should_refuse_with_a_reason_what_is_too_much_for_a_statement()
    {
        var model = Farm();
        string[] many = [.. Enumerable.Range(0, 600).Select(i => $"{i}*")];

        Assert.Contains("601", Assert.Throws<ArgumentException>(() => model.Query(Where("name", many))).Message, StringComparison.Ordinal);
        Assert.Contains("filter 'name'", Assert.Throws<ArgumentException>(() => model.Query(Where("name", new string('x', 60_000) + "*"))).Message, StringComparison.Ordinal);
        Assert.Equal([5], Ids(model, Where("name", many[..499])));
    }

    [Fact]
    public void Should_take_any_number_of_exact_values_and_ids()
    {
        var model = Farm();
        long[] ids = [.. Enumerable.Range(3, 50_000)];

        Assert.Equal([5, 4, 3], Ids(model, new JobQuery { Ids = ids }));
        Assert.Equal([5, 4, 3], Ids(model, Where("id", [.. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))])));
        Assert.Equal([3], Ids(model, Where("name", [.. ids.Select(id => $"job {id}"), "light A"])));
        Assert.Equal([1], Ids(model, Where("shot", [.. ids.Select(id => $"shot {id}"), "sq10_sh010"])));
    }

    [Fact]
    public void Should_cut_pages_that_make_up_the_whole_when_limit_and_offset_are_given()
    {
        var model = Farm();

        Assert.Equal([5, 4], Ids(model, new JobQuery { Limit = 2 }));
        Assert.Equal([3, 2], Ids(model, new JobQuery { Limit = 2, Offset = 2 }));
        Assert.Equal([1], Ids(model, new JobQuery { Limit = 2, Offset = 4 }));
        Assert.Equal([2, 1], Ids(model, new JobQuery { Offset = 3 }));
        Assert.Empty(Ids(model, new JobQuery { Limit = 2, Offset = 5 }));

        // Jobs 2 and 3 are equal in the order: the id decides, the same way on every page.
        var pages = Enumerable.Range(0, 5).SelectMany(page => Ids(model, new JobQuery { OrderBy = "priority", Limit = 1, Offset = page }));
        Assert.Equal([4, 1, 3, 2, 5], pages);
    }

    [Fact]
    public void Should_give_each_row_its_own_dictionary_when_they_are_sorted()
    {
        var rows = Farm().Query(new JobQuery { OrderBy = "priority", Limit = 3, Offset = 1 });

        Assert.Equal([s_farm[0], s_farm[2], s_farm[1]], rows);
    }

    [Fact]
    public void Should_count_jobs_and_the_frames_of_those_not_done_when_tallied()
    {
        var model = Open();
        model.Upsert(
        [
            Job(1, "a", "ana", "running", 1, 1, 1, """{"todotally":{"running":2,"pending":5,"complete":1}}"""),
            Job(2, "b", "ana", "blocked", 1, 1, 1, """{"todotally":{"pending":3}}"""),
            Job(3, "c", "ana", "complete", 1, 1, 1, """{"todotally":{"complete":9}}"""),
            Job(4, "d", "ana", "running", 1, 1, 1, "{}"),
        ]);

        var tally = model.Tally();

        Assert.Equal("blocked 1, complete 1, running 2", string.Join(", ", tally.Jobs.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal("complete 1, pending 8, running 2", string.Join(", ", tally.Frames.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static JobSummary Job(long id, string name, string user, string status, int priority, long submitted, long updated, string json) => Row(id) with
    {
        Name = name,
        User = user,
        Status = status,
        Priority = priority,
        TimeSubmit = submitted,
        LastUpdate = updated,
        Json = json,
    };

    private static string Text(IEnumerable<JobSummary> rows) => string.Join(' ', Ids(rows));

    private IJobReadModel Farm(string prototypeOfOthers = "")
    {
        var model = Open();
        model.Upsert([.. s_farm.Select(row => row.Prototype.Length > 0 ? row : row with { Prototype = prototypeOfOthers })]);
        return model;
    }

    /// <param name="name">The filter's.</param>
    /// <param name="patterns">Between bars; an empty one is an exact, empty value.</param>
    /// <param name="expected">Ids, newest first.</param>
    private void Check(string name, string patterns, string expected) => Assert.Equal(expected, Text(Farm().Query(Where(name, patterns.Split('|')))));
}
