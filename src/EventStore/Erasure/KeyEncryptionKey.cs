using System.Security.Cryptography;
using System.Text;

namespace EventStore;

/// <summary>
/// Wraps the keys of subjects, so that a copy of the database alone opens nothing. Kept outside the database.
/// </summary>
/// <param name="Name">Stored with what it has wrapped, such as <c>2026-03</c>.</param>
/// <param name="Secret">32 bytes.</param>
public sealed record KeyEncryptionKey(string Name, byte[] Secret)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Nonce, ciphertext and tag of AES-256-GCM, with the subject authenticated.</summary>
    internal byte[] Wrap(byte[] key, string subject)
    {
        var box = new byte[NonceBytes + key.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Secret, TagBytes);
        aes.Encrypt(
            box.AsSpan(0, NonceBytes), key, box.AsSpan(NonceBytes, key.Length), box.AsSpan(^TagBytes..),
            Encoding.UTF8.GetBytes(subject));
        return box;
    }

    /// <exception cref="CryptographicException">It was wrapped with another key, or altered.</exception>
    internal byte[] Unwrap(byte[] box, string subject)
    {
        var key = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(Secret, TagBytes);
        aes.Decrypt(
            box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, key.Length), box.AsSpan(^TagBytes..), key,
            Encoding.UTF8.GetBytes(subject));
        return key;
    }
}
