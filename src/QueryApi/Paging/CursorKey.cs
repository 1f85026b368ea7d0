using ServiceDefaults.Http;

namespace QueryApi.Paging;

/// <summary>
/// The key that signs cursors: the configured one, else the one that the read models hold for all instances (view
/// <c>read.cursor_key</c>), so that a cursor outlives a restart and is good at every instance.
/// </summary>
internal sealed class CursorKey
{
    public const string Setting = "Paging:CursorKey";
    private const int Length = 32;
    private volatile byte[]? key;

    /// <exception cref="InvalidOperationException">The configured key is no base64 or too short.</exception>
    public CursorKey(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } text)
            return;
        var bytes = new byte[text.Length];
        key = Convert.TryFromBase64String(text, bytes, out var length) && length >= Length
            ? bytes[..length]
            : throw new InvalidOperationException(
                $"{Setting} must be at least {Length} bytes in base64, as `openssl rand -base64 {Length}` makes them.");
        IsConfigured = true;
    }

    /// <summary>Whether configuration gave it; what the read models hold is then not asked for.</summary>
    public bool IsConfigured { get; }

    /// <exception cref="ServiceUnavailableException">The read models have not been reached yet.</exception>
    public byte[] Value => key ?? throw new ServiceUnavailableException(
        "The key that signs cursors is in the read models, which have not answered yet. Ask again shortly.");

    /// <summary>Takes the key that the read models hold.</summary>
    public void Learn(byte[] held) => key = held;
}
