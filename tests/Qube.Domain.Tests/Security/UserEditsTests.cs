using Qube.Contracts;
using Qube.Domain.Security;
using Xunit;
using P = Qube.Domain.Security.Permissions;

namespace Qube.Domain.Tests.Security;

public sealed class UserEditsTests
{
    private const int Default = (int)PermissionSets.Default;

    /// <summary>An entry (mask, group, mask there; a mask of -1 is none), what is done, and the entry afterwards.</summary>
    public static TheoryData<int, string, int, UserAction, P, string, int, string, int> Cases => new()
    {
        { -1, "", 0, UserAction.Add, P.Bump, "", Default | 8, "", 0 },
        { 1, "", 0, UserAction.Add, P.Kill, "", 17, "", 0 },
        { 17, "", 0, UserAction.Set, P.Kill, "", 16, "", 0 },
        { 17, "", 0, UserAction.Set, P.None, "", 0, "", 0 },
        { 17, "", 0, UserAction.Delete, P.Kill, "", 1, "", 0 },
        { -1, "", 0, UserAction.Delete, P.Kill, "", Default & ~16, "", 0 },
        { 17, "g", 1, UserAction.Delete, P.None, "", -1, "", 0 },
        { 17, "", 0, UserAction.Add, P.Kill, "g", 17, "g", 16 },
        { 17, "g", 32, UserAction.Add, P.Kill, "g", 17, "g", 48 },
        { 17, "h", 32, UserAction.Add, P.Kill, "g", 17, "g", 16 },
        { -1, "", 0, UserAction.Set, P.Kill, "g", Default, "g", 16 },
        { 17, "g", 48, UserAction.Delete, P.Kill, "g", 17, "g", 32 },
        { 17, "g", 48, UserAction.Delete, P.None, "g", 17, "", 0 },
        { 17, "g", 48, UserAction.Drop, P.None, "", 17, "", 0 },
        { 17, "g", 48, UserAction.Drop, P.None, "g", 17, "", 0 },
        { -1, "", 0, UserAction.Drop, P.None, "", -1, "", 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_leave_this_entry_when_it_is_edited(int mask, string group, int groupMask, UserAction action, P permissions, string ofGroup, int maskAfter, string groupAfter, int groupMaskAfter)
    {
        var (entry, error) = UserEdits.Apply(Entry(mask, group, groupMask), Edit(action, permissions, ofGroup), members: 2);

        Assert.Null(error);
        Assert.Equal(Entry(maskAfter, groupAfter, groupMaskAfter), entry);
    }

    [Theory]
    [InlineData("", "g", UserAction.Add, 0, "no user's name")]
    [InlineData("a b", "", UserAction.Add, 0, "no user's name")]
    [InlineData("ann", "g,h", UserAction.Add, 0, "no group's name")]
    [InlineData("ann", "g", UserAction.Add, UserEdits.MostMembers, "more than 1000")]
    [InlineData("ann", "h", UserAction.Drop, 0, "no member of group 'h'")]
    [InlineData("ann", "h", UserAction.Delete, 0, "no member of group 'h'")]
    [InlineData("ann", "", UserAction.None, 0, "nothing to be done")]
    public void Should_refuse_and_leave_the_entry_when_it_cannot_be(string name, string group, UserAction action, int members, string part)
    {
        var before = Entry(17, "g", 1);

        var (entry, error) = UserEdits.Apply(before, Edit(action, P.None, group) with { Name = name }, members);

        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Same(before, entry);
    }

    private static UserEntry? Entry(int mask, string group, int groupMask) =>
        mask == -1 ? null : new UserEntry { Name = "ann", Mask = mask, Group = group, GroupMask = groupMask };

    private static UserMessages.EditUser Edit(UserAction action, P permissions, string group) =>
        new() { Name = "ann", Action = action, Permissions = (int)permissions, Group = group };
}
