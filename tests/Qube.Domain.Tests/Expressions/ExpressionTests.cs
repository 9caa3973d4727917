using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Qube.Domain.Expressions;
using Qube.Domain.Syntax;
using Xunit;

namespace Qube.Domain.Tests.Expressions;

public sealed class ExpressionTests
{
    private static readonly Dictionary<string, string> Operands = new()
    {
        ["host.os"] = "linux",
        ["host.name"] = "render-01",
        ["host.processor_speed"] = "3200",
        ["host.jobtypes"] = "cmdline,maya,nuke",
        ["host.processors.used"] = "0",
        ["host.processors.avail"] = "8",
        ["host.duty.id"] = "12,17",
        ["host.duty.kind"] = "",
        ["host.duty.type"] = "maya",
        ["host.version"] = "6.9.1",
        ["job.id"] = "17",
        ["job.kind"] = "big",
        ["job.name"] = "ls",
        ["priority"] = "50",
    };

    private static string? Find(string name) => Operands.GetValueOrDefault(name);

    [Theory]
    [InlineData("", true)]
    [InlineData("host.os = linux", true)]
    [InlineData("host.os=linux or host.os=osx", true)]
    [InlineData("host.os == 'winnt' and host.processor_speed >= 3000", false)]
    [InlineData("not (job.id in host.duty.id)", false)]
    [InlineData("not(job.kind in host.duty.kind)", true)]
    [InlineData("not(host.duty.type has myType)", true)]
    [InlineData("host.duty.type has maya", true)]
    [InlineData("\"maya\" in host.jobtypes", true)]
    [InlineData("may in host.jobtypes", false)]
    [InlineData("host.processors.used=0", true)]
    [InlineData("host.os eq linux, host.processor_speed gt 3000", true)]
    [InlineData("host.os eq osx or host.os eq linux, host.processor_speed gt 4000", false)]
    [InlineData("host.processor_speed > 900", true)]
    [InlineData("host.processor_speed > '900x'", false)]
    [InlineData("host.version >= 6.10.0", true)]
    [InlineData("host.unknown = ''", true)]
    [InlineData("host.unknown + 1 = 1", true)]
    [InlineData("job.name = ls", true)]
    [InlineData("job.kind <> small", true)]
    [InlineData("job.kind != big", false)]
    [InlineData("1 + 2 * 3 = 7", true)]
    [InlineData("1 ADD 2 MUL 3 EQ 7", true)]
    [InlineData("(1 + 2) * 3 = 9", true)]
    [InlineData("10 - 4 - 3 = 3", true)]
    [InlineData("7 div 2 = 3.5 and 7 mod 2 = 1", true)]
    [InlineData("7 / 0 = 0", true)]
    [InlineData("1 << 3 = 8 && 8 rs 2 = 2 && 1 ls 65 = 0", true)]
    [InlineData("6 & 3 = 2", true)]
    [InlineData("6 | 3 = 7 and 6 ^ 3 = 5 and (6 xor 3) = 5", true)]
    [InlineData("4 min 2 = 2 and 4 max 2 = 4", true)]
    [InlineData("-5 < -4", true)]
    [InlineData("3 - -2 = 5", true)]
    [InlineData("!(host.os = osx)", true)]
    [InlineData("not host.os = osx", true)]
    [InlineData("not host.os = linux or 1", true)]
    [InlineData("!0 = 1", true)]
    [InlineData("1 or 0 and 0", true)]
    [InlineData("host.os in (osx, linux)", true)]
    [InlineData("host.os in ('osx')", false)]
    [InlineData("host.name = render-01", true)]
    [InlineData("host.name has render-01", true)]
    [InlineData("host.processors.avail-7 = 1", true)]
    [InlineData("priority <= 50", true)]
    [InlineData("priority-49 = 1", true)]
    [InlineData("false", false)]
    [InlineData("host.os", true)]
    public void Should_decide_as_documented_when_evaluated(string text, bool expected)
    {
        Assert.Equal(expected, Expression.Parse(text).Required().IsTrue(Find));
    }

    [Theory]
    [InlineData("host.os =", 10)]
    [InlineData("= linux", 1)]
    [InlineData("host.os linux", 9)]
    [InlineData("(host.os = linux", 17)]
    [InlineData("host.os = linux)", 16)]
    [InlineData("host.os = 'linux", 11)]
    [InlineData("a and or b", 10)]
    [InlineData("a b", 3)]
    [InlineData("not", 0)]
    [InlineData("a in (b, ", 10)]
    [InlineData("a && && b", 6)]
    public void Should_name_the_column_when_the_text_is_wrong(string text, int column)
    {
        Assert.Equal(column, Expression.Parse(text).Error?.Column ?? 0);
    }

    [Fact]
    public void Should_say_which_requirement_is_false_and_what_it_saw()
    {
        Expression expression = Expression.Parse("host.processor_speed > 3000 and host.os = osx, (host.x = 1 or job.id = 5)").Required();

        Assert.Equal(
            [
                "requirement host.os = osx is false: host.os is linux",
                "requirement (host.x = 1 or job.id = 5) is false: host.x is unknown, job.id is 17",
            ],
            expression.WhyFalse(Find));
        Assert.Empty(Expression.Always.WhyFalse(Find));
    }

    [Fact]
    public void Should_refuse_when_the_text_would_exhaust_the_stack()
    {
        Assert.False(Expression.Parse(new string('(', 100_000)).IsOk);
        Assert.False(Expression.Parse(new string('!', 100_000)).IsOk);
        Assert.False(Expression.Parse(string.Join(" and ", Enumerable.Repeat("a", 100_000))).IsOk);
        Assert.True(Expression.Parse(string.Join(" and ", Enumerable.Repeat("1", 900))).Required().IsTrue(Find));
    }

    [Fact]
    public void Should_never_throw_when_given_any_text()
    {
        Gen<string> pieces = Gen.Elements("host.os", "linux", "5", "'q'", "(", ")", ",", "=", "<", "and", "or", "not", "!", "in", "has", "-", "/", "%", "ls", "<<", "max");
        Gen<string> texts = Gen.ArrayOf(pieces).Select(static list => string.Join(' ', list));

        Prop.ForAll(texts.ToArbitrary(), static text =>
        {
            Parsed<Expression> parsed = Expression.Parse(text);
            _ = parsed.Value?.IsTrue(Find);
            _ = parsed.Value?.WhyFalse(Find).Count();
            return parsed.IsOk ? parsed.Value.WhyFalse(Find).Any() != parsed.Value.IsTrue(Find) : parsed.Error.Column > 0;
        }).QuickCheckThrowOnFailure();
    }
}
