using System.Security.Cryptography;

namespace QueryApi.Paging;

/// <summary>Where the key that signs cursors comes from.</summary>
internal static partial class CursorKey
{
    public const string Setting = "Paging:CursorKey";
    private const int Length = 32;

    /// <summary>
    /// The configured key (base64, at least 32 bytes). Without one a key is generated: fine for one instance, but its
    /// cursors end with the process and no other instance takes them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The configured key is no base64 or too short.</exception>
    public static byte[] Read(IConfiguration configuration, ILogger logger)
    {
        if (configuration[Setting] is not { Length: > 0 } text)
        {
            LogGenerated(logger, Setting);
            return RandomNumberGenerator.GetBytes(Length);
        }

        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= Length
            ? key[..length]
            : throw new InvalidOperationException(
                $"{Setting} must be at least {Length} bytes in base64, as `openssl rand -base64 {Length}` makes them.");
    }

    [LoggerMessage(LogLevel.Information,
        "{Setting} is not set: cursors are signed with a key generated now; they end with this process and no other "
        + "instance takes them")]
    private static partial void LogGenerated(ILogger logger, string setting);
}
