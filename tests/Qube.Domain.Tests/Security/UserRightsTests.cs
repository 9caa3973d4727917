using Qube.Contracts;
using Qube.Domain.Security;
using Xunit;
using P = Qube.Domain.Security.Permissions;

namespace Qube.Domain.Tests.Security;

public sealed class UserRightsTests
{
    private static readonly string[] Group = ["ann", "bob", "eve"];

    /// <summary>Own mask, mask in the group, what is wanted, whose jobs: ann is in a group with bob and eve.</summary>
    public static TheoryData<P, P, P, string> Cases => new()
    {
        { PermissionSets.Default, P.None, P.Kill, "ann" },
        { PermissionSets.Default, P.None, P.Bump, "" },
        { P.None, P.None, P.Kill, "" },
        { P.Kill, P.None, P.Kill, "ann" },
        { P.Kill, P.None, P.Block, "" },
        { P.Kill, P.Kill, P.Kill, "ann bob eve" },
        { P.Kill, P.Block, P.Kill, "ann" },
        { P.Block, P.Kill, P.Kill, "" },
        { P.None, P.Admin, P.Kill, "ann bob eve" },
        { P.None, P.SudoAdmin, P.Modify, "ann bob eve" },
        { P.SudoAdmin, P.None, P.Remove, "*" },
        { P.Admin, P.None, P.Remove, "*" },
        { P.Impersonate, P.Impersonate, P.Kill, "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_reach_these_owners_when_a_verb_is_asked_for(P own, P inGroup, P wanted, string owners)
    {
        var entry = new UserEntry { Name = "ann", Mask = (int)own, Group = "comp", GroupMask = (int)inGroup };

        var over = UserRights.Of("ann", entry, Group).Over(wanted);

        Assert.Equal(owners, over.IsAnybody ? "*" : string.Join(' ', over.Names.Order(StringComparer.Ordinal)));
        Assert.Equal(owners is "*", over.Holds("zoe"));
        Assert.Equal(owners is "*" || owners.Split(' ').Contains("bob"), over.Holds("bob"));
    }

    [Fact]
    public void Should_have_the_default_permissions_when_nobody_has_said_anything()
    {
        var rights = UserRights.Of("ann", null, []);

        Assert.Equal(136314867, (int)rights.Mask);
        Assert.Equal(PermissionSets.AllUsers & ~(P.Bump | P.SubmitGlobalCallback), rights.Mask);
        Assert.False(rights.IsAdmin);
        Assert.Equal("ann", Assert.Single(rights.Over(P.Kill).Names));
    }

    [Theory]
    [InlineData("root")]
    [InlineData("qube")]
    public void Should_stay_an_administrator_when_the_list_says_otherwise(string name)
    {
        Assert.True(UserRights.Of(name, new UserEntry { Name = name }, []).IsAdmin);
    }

    [Fact]
    public void Should_share_nothing_when_nobody_has_a_group()
    {
        var entry = new UserEntry { Name = "ann", Mask = (int)P.Kill, GroupMask = (int)P.Kill };

        Assert.Equal("ann", Assert.Single(UserRights.Of("ann", entry, Group).Over(P.Kill).Names));
    }

    /// <summary>Who asks, the other's mask, whether it may be.</summary>
    [Theory]
    [InlineData(P.SubmitJob, P.SubmitJob, false)]
    [InlineData(P.SudoAdmin, P.SubmitJob, false)]
    [InlineData(P.Impersonate, P.SubmitJob, true)]
    [InlineData(P.Impersonate, P.Admin, false)]
    [InlineData(P.Impersonate, P.SudoAdmin, false)]
    [InlineData(P.Impersonate, P.Impersonate, false)]
    [InlineData(P.Admin, P.Admin, true)]
    public void Should_act_as_another_when_the_other_is_no_more_than_that(P own, P others, bool may)
    {
        var ann = UserRights.Of("ann", new UserEntry { Name = "ann", Mask = (int)own }, []);
        var bob = UserRights.Of("bob", new UserEntry { Name = "bob", Mask = (int)others }, []);

        Assert.Equal(may, ann.MayActAs(bob));
        Assert.True(ann.MayActAs(ann));
        Assert.Equal(own == P.Admin || others == P.Admin, ann.As(bob).IsAdmin);
        Assert.Equal("bob", ann.As(bob).User);
    }

    [Fact]
    public void Should_need_a_permission_when_it_is_any_verb()
    {
        var needed = Enum.GetValues<JobVerb>().Where(verb => verb != JobVerb.None).ToDictionary(verb => verb, VerbPermissions.Of);

        Assert.DoesNotContain(P.Admin, needed.Values);
        Assert.Equal(P.Bump, needed[JobVerb.Top]);
        Assert.Equal(P.Complete, VerbPermissions.Of(JobVerb.Retire, "Complete"));
        Assert.Equal(P.Retire, VerbPermissions.Of(JobVerb.Retire, "retire"));
        Assert.Equal(P.Complete, VerbPermissions.OfCallback("complete-work-self"));
        Assert.Equal(P.Unblock, VerbPermissions.OfCallback(" Unblock-self"));
        Assert.Equal(P.None, VerbPermissions.OfCallback("mail-status"));
        Assert.Equal(P.None, VerbPermissions.OfCallback("7"));
    }

    [Fact]
    public void Should_know_every_bit_by_name_when_permissions_are_written()
    {
        Assert.Equal(Enum.GetValues<P>().Where(one => one != P.None).Order(), PermissionNames.All.Select(one => one.Permission).Order());
        Assert.All(PermissionNames.All, one => Assert.Equal(one.Permission, PermissionNames.Parse(one.Name)));
        Assert.Equal(P.SubmitGlobalCallback, PermissionNames.Parse("submitGlobalCallback"));
        Assert.Equal(P.SudoAdmin, PermissionNames.Parse("sudo"));
        Assert.Equal(P.LockHost, PermissionNames.Parse("lock"));
        Assert.Equal(PermissionSets.AllUsers, PermissionNames.Parse("all"));
        Assert.Null(PermissionNames.Parse("everything"));
        Assert.Equal("submit_job+admin", PermissionNames.Name(P.SubmitJob | P.Admin));
    }
}
