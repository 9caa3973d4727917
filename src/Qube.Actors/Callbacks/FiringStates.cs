using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <summary>The states of firings in words, as the API and the command line have them.</summary>
public static class FiringStates
{
    public static string Word(FiringState state) => state switch
    {
        FiringState.Pending => "pending",
        FiringState.Running => "running",
        FiringState.Done => "done",
        FiringState.Failed => "failed",
        _ => "dead",
    };

    public static FiringState? Read(string word) =>
        Enum.GetValues<FiringState>().Where(state => Word(state).Equals(word, StringComparison.OrdinalIgnoreCase)).Select(state => (FiringState?)state).FirstOrDefault();
}
