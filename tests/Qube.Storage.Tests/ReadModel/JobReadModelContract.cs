using Qube.Contracts;
using Xunit;

namespace Qube.Storage.Tests.ReadModel;

/// <summary>What is stored comes back, the newest version of it, until it is removed.</summary>
public abstract class JobReadModelContract(string? postgres) : ReadModelTest(postgres)
{
    private static readonly JobSummary s_full = new()
    {
        JobId = new JobId(9_000_000_000),
        Version = 5_000_000_000,
        Pgrp = 8_000_000_000,
        Pid = 7_000_000_000,
        Status = "running",
        Name = "Grüße 🎬 'x' \"y\"",
        User = "ana",
        Label = "A",
        Priority = 9999,
        Cluster = "/private",
        Prototype = "cmdrange",
        Account = "show",
        Kind = "3d",
        TimeSubmit = 1_700_000_001,
        TimeStart = 1_700_000_002,
        TimeComplete = 1_700_000_003,
        LastUpdate = 1_700_000_004,
        Cpus = 12,
        Todo = 1_000_000,
        Json = """{"id":9000000000,"ключ":[1,{"a":null}]}""",
    };

    [Fact]
    public void Should_give_every_field_back_when_a_row_was_stored()
    {
        var model = Open();

        model.Upsert([s_full]);

        Assert.Equal(s_full, Assert.Single(model.Query(new JobQuery())));
    }

    [Fact]
    public void Should_leave_the_dictionary_out_when_the_query_is_without_it()
    {
        var model = Open();
        model.Upsert([s_full]);

        var row = Assert.Single(model.Query(new JobQuery { WithoutJson = true }));

        Assert.Equal(s_full with { Json = "{}" }, row);
    }

    [Fact]
    public void Should_keep_the_row_when_an_older_version_comes()
    {
        var model = Open();
        var known = Row(1, version: 5) with { Status = "running", Json = """{"n":5}""" };
        model.Upsert([known]);

        model.Upsert([Row(1, version: 4) with { Status = "pending", Json = """{"n":4}""" }]);

        Assert.Equal([known], model.Query(new JobQuery()));
    }

    [Fact]
    public void Should_take_the_later_row_when_the_version_is_the_same()
    {
        var model = Open();
        model.Upsert([Row(1, version: 5) with { Status = "pending", Json = """{"reason":"none"}""" }]);
        var later = Row(1, version: 5) with { Status = "pending", Json = """{"reason":"1 host: locked"}""" };

        model.Upsert([later]);

        Assert.Equal([later], model.Query(new JobQuery()));
    }

    [Fact]
    public void Should_replace_the_row_and_its_dictionary_when_a_newer_version_comes()
    {
        var model = Open();
        model.Upsert([s_full]);
        var newer = s_full with { Version = s_full.Version + 1, Status = "complete", Priority = 1, Json = """{"n":6}""" };

        model.Upsert([newer]);

        Assert.Equal([newer], model.Query(new JobQuery()));
    }

    [Fact]
    public void Should_change_nothing_when_the_same_batch_comes_twice()
    {
        var model = Open();
        JobSummary[] batch = [Row(1, version: 2) with { Status = "running" }, Row(2, version: 7), Row(1, version: 3) with { Status = "complete" }];
        model.Upsert(batch);
        var once = model.Query(new JobQuery());

        model.Upsert(batch);

        Assert.Equal([batch[1], batch[2]], once);
        Assert.Equal(once, model.Query(new JobQuery()));
    }

    [Fact]
    public void Should_remove_jobs_with_their_dictionaries_when_told_and_not_mind_unknown_ones()
    {
        var model = Open();
        model.Upsert([Row(1) with { Json = """{"shot":"s1"}""" }, Row(2) with { Json = """{"shot":"s1"}""" }]);

        model.Remove([new JobId(1), new JobId(77)]);
        Assert.Equal([2], Ids(model, Where("shot", "s1")));

        Assert.Equal([2], IdsWithDictionary());
    }

    [Fact]
    public void Should_do_nothing_when_a_list_is_empty()
    {
        var model = Open();
        model.Upsert([Row(1)]);

        model.Upsert([]);
        model.Remove([]);

        Assert.Equal([1], Ids(model, new JobQuery()));
    }

    [Fact]
    public void Should_store_nothing_of_a_batch_when_one_of_its_rows_cannot_be()
    {
        var model = Open();
        JobSummary[] batch = [Row(1), Row(2) with { Cluster = null! }];

        Assert.ThrowsAny<Exception>(() => model.Upsert(batch));
        Assert.Empty(model.Query(new JobQuery()));

        model.Upsert([Row(1), Row(2)]);
        Assert.Equal([2, 1], Ids(model, new JobQuery()));
    }

    [Theory]
    [InlineData("'; DROP TABLE jobs; --")]
    [InlineData("x\" OR 1=1 --")]
    [InlineData("$p0")]
    [InlineData("a]b[c")]
    [InlineData("日本語 ß Ω 🎬")]
    [InlineData("back\\slash\nline")]
    public void Should_take_a_name_literally_when_it_looks_like_something_else(string text)
    {
        var model = Open();
        model.Upsert([Row(1) with { Name = text, Json = Json(new Dictionary<string, string> { [text] = text }) }, Row(2) with { Name = "other" }]);

        Assert.Equal([1], Ids(model, Where("name", text)));
        Assert.Equal([1], Ids(model, Where("name", text, "another")));
        Assert.Equal([1], Ids(model, Where("name", text + "*")));
        Assert.Equal([1], Ids(model, Where(text, text)));
        Assert.Equal([1], Ids(model, Where(text, text, "another")));
        Assert.Equal([1], Ids(model, Where(text, "*" + text[^2..])));
        Assert.Equal(2, model.Query(new JobQuery()).Count);
    }
}
