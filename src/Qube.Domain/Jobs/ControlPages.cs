using System.Globalization;
using System.Text;
using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>A verb on very many items by name, cut into commands that remoting carries (design §8). Each is applied once under an id of its own, made
/// from the whole one's: the same names under the same id are the same commands.</summary>
public static class ControlPages
{
    private const int MaxBytes = 48_000;

    public static IEnumerable<JobMessages.ControlJob> Of(JobMessages.ControlJob command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var page = new List<string>();
        var (weight, number) = (0, 0);
        foreach (var item in command.Items)
        {
            var its = Encoding.UTF8.GetByteCount(item) + 4;
            if (page.Count > 0 && weight + its > MaxBytes)
            {
                yield return Numbered(command with { Items = [.. page] }, ++number);
                page.Clear();
                weight = 0;
            }

            page.Add(item);
            weight += its;
        }

        yield return number == 0 ? command : Numbered(command with { Items = [.. page] }, ++number);
    }

    private static JobMessages.ControlJob Numbered(JobMessages.ControlJob page, int number) =>
        page.RequestId.Length == 0 ? page : page with { RequestId = string.Create(CultureInfo.InvariantCulture, $"{page.RequestId}/{number}") };
}
