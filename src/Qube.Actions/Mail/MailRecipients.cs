using MimeKit;

namespace Qube.Actions.Mail;

/// <summary>Who a mail goes to (spec/callbacks.md §12.1). Pure.</summary>
public static class MailRecipients
{
    /// <summary>The addresses of a comma list, each once; a name without an <c>@</c> gets the domain.</summary>
    /// <param name="list">Such as <c>wanda, bob@example.com</c>.</param>
    /// <param name="domain">With or without its <c>@</c>; empty leaves bare names as they are.</param>
    /// <param name="refused">What is no address.</param>
    public static IReadOnlyList<string> Of(string list, string domain, out IReadOnlyList<string> refused)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(domain);
        var taken = new List<string>();
        var bad = new List<string>();
        foreach (string part in list.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string address = Complete(part, domain);
            if (address.Any(char.IsControl) || !MailboxAddress.TryParse(address, out MailboxAddress? mailbox))
            {
                bad.Add(part);
            }
            else if (!taken.Contains(mailbox.Address, StringComparer.OrdinalIgnoreCase))
            {
                taken.Add(mailbox.Address);
            }
        }

        refused = bad;
        return taken;
    }

    /// <summary>With the domain, where it has none.</summary>
    public static string Complete(string name, string domain) =>
        name.Contains('@', StringComparison.Ordinal) || domain.Trim('@').Length == 0 ? name : $"{name}@{domain.TrimStart('@')}";
}
