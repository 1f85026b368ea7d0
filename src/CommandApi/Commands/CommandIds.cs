using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Contracts;

namespace CommandApi.Commands;

/// <summary>Ids of commands and fingerprints of what they say.</summary>
internal static class CommandIds
{
    /// <summary>
    /// A new UUIDv7; or, where the client named its request, a UUIDv8 (RFC 9562, section 5.8) made of tenant and key,
    /// so
    /// that even a repetition that finds no record of the first sends the same message id, which is handled once.
    /// </summary>
    public static Guid For(string tenant, string? idempotencyKey)
    {
        if (idempotencyKey is null)
            return Guid.CreateVersion7();
        // Tenants contain no slash, so no two pairs look the same.
        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}/{idempotencyKey}")).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0f) | 0x80);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>SHA-256 over what the command says, whatever way the body was laid out.</summary>
    public static byte[] Fingerprint(ICommerceCommand command) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { command.GetType().Name, Command = (object)command }));
}
