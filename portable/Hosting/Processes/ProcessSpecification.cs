namespace Portable.Hosting.Processes;

/// <summary>A program to run under a guard.</summary>
/// <param name="FileName">Path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="WorkingDirectory">Folder it runs in.</param>
internal sealed record ProcessSpecification(
    string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Variables set on top of the app host's own; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Signal that asks the program to end in good order.</summary>
    public string StopSignal { get; init; } = "TERM";

    /// <summary>How long it may take to do so before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Account to run as when the app host runs as root; null for the app host's own.</summary>
    public string? User { get; init; }

    /// <summary>
    /// File that holds the guard's process id while it runs, so that a later app host can wait for its end.
    /// </summary>
    public string? GuardFile { get; init; }
}
