namespace Commerce.Contracts;

/// <summary>Message headers of ours, beside those that NServiceBus defines.</summary>
public static class CommerceHeaders
{
    /// <summary>
    /// On every published event: its global position in the log, decimal text; on LogAdvanced: its position.
    /// </summary>
    public const string Position = "Commerce.Position";

    /// <summary>On every command: the user on whose behalf it was sent; absent where nobody signed on.</summary>
    public const string User = "Commerce.User";
}
