namespace Qube.Contracts;

/// <summary>Users and what they may do: questions to and commands for the farm.</summary>
public static class UserMessages
{
    /// <summary>Changes one user's entry. Answered by <see cref="UserEdited"/> after the commit.</summary>
    public sealed record EditUser
    {
        public string Name { get; init; } = "";

        public UserAction Action { get; init; }

        /// <summary>Permission bits meant by the action.</summary>
        public int Permissions { get; init; }

        /// <summary>Not empty: the action is about the user's membership of this group.</summary>
        public string Group { get; init; } = "";

        /// <summary>Who asks.</summary>
        public string User { get; init; } = "";

        public string RequestId { get; init; } = "";
    }

    public sealed record UserEdited
    {
        public string RequestId { get; init; } = "";

        /// <summary>Why nothing was done; empty when it was.</summary>
        public string Error { get; init; } = "";
    }

    /// <summary>The list in pages, by name.</summary>
    public sealed record GetUsers
    {
        /// <summary>Names after this one.</summary>
        public string After { get; init; } = "";
    }

    public sealed record Users
    {
        public UserEntry[] Items { get; init; } = [];

        /// <summary>Where the next page begins; empty when there is none.</summary>
        public string Next { get; init; } = "";
    }

    /// <summary>What is known of one user. Answered by <see cref="Known"/>.</summary>
    public sealed record GetUser
    {
        public string Name { get; init; } = "";
    }

    public sealed record Known
    {
        public string Name { get; init; } = "";

        /// <summary>Null: the list has no such user.</summary>
        public UserEntry? Entry { get; init; }

        /// <summary>Everybody in the user's group.</summary>
        public string[] Members { get; init; } = [];
    }
}
