namespace Qube.Domain.Expressions;

/// <summary>A cluster as its segments: <c>/A/B</c> is A, B; <c>/</c> is none.</summary>
internal static class ClusterPath
{
    public static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static int CommonLength(ReadOnlySpan<string> left, ReadOnlySpan<string> right)
    {
        int length = 0;
        while (length < left.Length && length < right.Length && left[length] == right[length])
        {
            length++;
        }

        return length;
    }
}
