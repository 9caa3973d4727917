using Qube.Domain.Execution;
using Xunit;

namespace Qube.Domain.Tests.Execution;

public sealed class JobTypeConfTests
{
    [Fact]
    public void Should_take_what_is_said_for_this_system_when_both_are_there()
    {
        var conf = JobTypeConf.Parse("""
            # a comment
            [description]
            detail = Renders, and more = better
            [Execute Module]
            execute_binding = DLL
            Execute_Binding_linux = "Python"
            execute_library_winnt = never.dll
            execute_library = back/end.py
            """);

        Assert.Equal(("Python", "back/end.py"), (conf.Binding, conf.Library));
        Assert.Equal("Renders, and more = better", conf.Values["description.detail"]);
    }

    [Fact]
    public void Should_say_nothing_when_the_section_is_missing() => Assert.Equal(("", ""), (JobTypeConf.Parse("execute_binding = Python\n").Binding, JobTypeConf.Parse("").Library));
}
