using Qube.Node.Security;
using Xunit;

namespace Qube.Node.Tests.Security;

public sealed class TokenFileTests
{
    private const string Anns = "0123456789abcdef0123";
    private const string Bobs = "fedcba98765432100123";

    [Fact]
    public void Should_know_whose_token_it_is_when_it_is_one()
    {
        var file = TokenFile.Parse(["# who may ask", "", $"ann {Anns}", $"  bob\t{Bobs} ", "ann aaaaaaaaaaaaaaaaaaaa"], "tokens");

        Assert.Equal("ann", file.UserOf(Anns));
        Assert.Equal("bob", file.UserOf(Bobs));
        Assert.Equal("ann", file.UserOf("aaaaaaaaaaaaaaaaaaaa"));
        Assert.Null(file.UserOf(Anns[..^1]));
        Assert.Null(file.UserOf(Anns + "0"));
        Assert.Null(file.UserOf(""));
        Assert.Null(file.ClusterSecret);
        Assert.NotNull(TokenFile.Parse([$"ann {Anns}", $"@cluster {Bobs}"], "tokens").ClusterSecret);
    }

    [Theory]
    [InlineData("ann", "line 2: expected a user and a token")]
    [InlineData("ann a b", "line 2: expected a user and a token")]
    [InlineData("a,b 0123456789abcdef", "line 2: the first word is no user's name")]
    [InlineData("ann 0123456789abcde", "line 2: the token of ann has 15 letters")]
    [InlineData("ann qc1.3456789abcdef", "line 2: the token of ann has letters that it cannot have")]
    [InlineData("bob 0123456789abcdef0123", "line 2: the token of bob is that of line 1 too")]
    public void Should_name_the_line_and_no_token_when_it_is_wrong(string line, string reason)
    {
        var wrong = Assert.Throws<ArgumentException>(() => TokenFile.Parse([$"ann {Anns}", line], "tokens"));

        Assert.StartsWith($"--token-file tokens, {reason}", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcde", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_when_others_can_read_it_or_nobody_is_in_it()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, $"ann {Anns}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("chmod 600", Assert.Throws<ArgumentException>(() => TokenFile.Read(path)).Message, StringComparison.Ordinal);

            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.Equal("ann", TokenFile.Read(path).UserOf(Anns));

            File.WriteAllText(path, "# nobody\n");
            Assert.Contains("no token in it", Assert.Throws<ArgumentException>(() => TokenFile.Read(path)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => TokenFile.Read(path + ".none"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
