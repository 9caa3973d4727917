using Qube.Node.Security;
using Xunit;

namespace Qube.Node.Tests.Security;

public sealed class CredentialsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly Credentials _credentials = Credentials.Of([1, 2, 3]);

    [Fact]
    public void Should_say_for_whom_it_is_when_it_is_read()
    {
        Assert.Equal(new Credential("ann", 12, "12/1/9/3/0"), _credentials.Read(_credentials.OfScript("ann", 12, "12/1/9/3/0", s_now.AddSeconds(5)), s_now));
        Assert.Equal(new Credential("bøb", 13, ""), _credentials.Read(_credentials.OfJob("bøb", 13), s_now.AddYears(10)));
        Assert.Equal(_credentials.OfJob("ann", 12), _credentials.OfJob("ann", 12));
    }

    [Fact]
    public void Should_be_nothing_when_its_time_is_over_or_anything_of_it_was_changed()
    {
        var good = _credentials.OfScript("ann", 12, "12/1/9/3/0", s_now.AddSeconds(5));

        Assert.NotNull(_credentials.Read(good, s_now.AddSeconds(5)));
        Assert.Null(_credentials.Read(good, s_now.AddSeconds(6)));
        Assert.Null(Credentials.Of([1, 2, 4]).Read(good, s_now));
        Assert.Null(_credentials.Read(good + ".x", s_now));
        Assert.Null(_credentials.Read("", s_now));
        Assert.Null(_credentials.Read("qc1..", s_now));

        // The last letter of a base-64 text may hold bits that mean nothing.
        var others = _credentials.OfScript("root", 12, "12/1/9/3/0", s_now.AddSeconds(5)).Split('.');
        var parts = good.Split('.');
        Assert.Null(_credentials.Read($"{parts[0]}.{others[1]}.{parts[2]}", s_now));
        Assert.Null(_credentials.Read($"{parts[0]}.{parts[1]}.{others[2]}", s_now));
        Assert.Null(_credentials.Read($"{parts[0]}.{parts[1]}.", s_now));
    }

    [Fact]
    public void Should_not_be_another_users_when_a_name_holds_line_ends()
    {
        Assert.Equal("ann root 1", _credentials.Read(_credentials.OfJob("ann\nroot\n1", 12), s_now)!.User);
    }

    [Fact]
    public void Should_stay_the_same_when_the_farm_starts_again_on_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("qube-secret-").FullName;
        try
        {
            var token = Credentials.Open(null, folder).OfJob("ann", 12);

            Assert.NotNull(Credentials.Open(null, folder).Read(token, s_now));
            Assert.Null(Credentials.Open([7], folder).Read(token, s_now));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(folder))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
