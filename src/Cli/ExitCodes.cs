namespace Cli;

/// <summary>What scripts can rely on.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>It ran, and the result is not as it should be: a difference, an order without a final state.</summary>
    public const int Failed = 1;

    /// <summary>Bad arguments or a file that cannot be read.</summary>
    public const int BadInput = 2;

    /// <summary>A service did not answer for as long as the command was ready to wait.</summary>
    public const int Unavailable = 3;

    /// <summary>Stopped by Ctrl+C; the same command goes on where this one ended.</summary>
    public const int Interrupted = 130;
}
