namespace CommandLog;

/// <summary>Limits of the command log.</summary>
public sealed class CommandLogOptions
{
    /// <summary>The most that noting and sending a command may take.</summary>
    public TimeSpan AcceptWithin { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How many callers may wait at a time in this process; more are told at once that it was not done.
    /// </summary>
    public int MaxWaiters { get; set; } = 2000;

    /// <summary>How often those who wait are checked without a notification, in case one was lost.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a start waits for the database before it gives up.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
