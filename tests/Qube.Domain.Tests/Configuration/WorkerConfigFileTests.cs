using Qube.Domain.Configuration;
using Xunit;

namespace Qube.Domain.Tests.Configuration;

/// <summary>spec/scheduling.md §3.1.</summary>
public sealed class WorkerConfigFileTests
{
    [Fact]
    public void Should_expand_ranges_inheritance_and_macros_when_a_file_has_them()
    {
        var read = WorkerConfigFile.Read(
            """
            # What every host has.
            [global_config]
            templates = big,gpu
            [default]
            worker_cluster = /        # the root
            worker_path_map = {
              "/a#b" = "/c"   # kept
            }
            [big]
            worker_cpus = 16
            worker_description = "$_ of ${this.worker_cluster}, # $self.worker_cpus slots"
            [gpu] : big
            worker_resources = host.gpu=${gpu.worker_cpus}
            [fast[9-10]] : big gpu
            worker_cluster = /fast
            [pad[08-10]x]
            [fast10]
            worker_cpus = 8
            """);

        Assert.Empty(read.Problems);
        Assert.Equal(["default", "big", "gpu", "fast9", "fast10", "pad08x", "pad09x", "pad10x"], read.Sections.Select(section => section.Name));
        var values = read.Sections.ToDictionary(section => section.Name, section => section.Values.ToDictionary(entry => entry.Key, entry => entry.Value));
        Assert.Equal("{\n  \"/a#b\" = \"/c\"\n}", values["pad09x"]["worker_path_map"]);
        Assert.Equal("fast9 of /fast, # 16 slots", values["fast9"]["worker_description"]);
        Assert.Equal("fast10 of /fast, # 8 slots", values["fast10"]["worker_description"]);
        Assert.Equal("host.gpu=16", values["fast10"]["worker_resources"]);
        Assert.Equal("/", values["big"]["worker_cluster"]);
        Assert.False(values["pad08x"].ContainsKey("worker_cpus"));

        // What is printed reads as the same.
        var again = WorkerConfigFile.Read(read.ToString());
        Assert.Empty(again.Problems);
        Assert.Equal(read.ToString(), again.ToString());
    }

    [Theory]
    [InlineData("a = 1", "line 1: 'a' stands before the first section")]
    [InlineData("[h]\nnonsense", "line 2: 'nonsense' is neither [section] nor key = value")]
    [InlineData("[h] : later\n[later]", "line 1: there is no section [later] before this one")]
    [InlineData("[h[5-2]]", "line 1: [h[5-2]] is no name of a section and no range of hosts such as [render[01-20]]")]
    [InlineData("[h[1-9999999]]", "line 1: [h[1-9999999]] is more than 100000 hosts")]
    [InlineData("[h", "line 1: '[h' is no heading; it looks like [name] or [name] : template template")]
    [InlineData("[h]\na = {\nb = 1", "line 2: this { is never closed")]
    [InlineData("[h]\na = \"x", "line 2: this \" is never closed")]
    [InlineData("[h]\na = $self.b\nb = ${this.a}", "line 2: 'a' of [h] is made of itself")]
    [InlineData("[h]\na = $t.b", "line 2: $t.b: there is no section [t]")]
    [InlineData("[t]\n[h]\na = $t.b", "line 3: $t.b: [t] has no b")]
    [InlineData("[h]\na = $b", "line 2: $b is no macro; they look like $section.key and $_")]
    public void Should_name_the_line_when_something_cannot_be_read(string text, string problem)
    {
        var read = WorkerConfigFile.Read(text);

        Assert.Contains(problem, read.Problems);
        Assert.Empty(read.Sections);
    }
}
