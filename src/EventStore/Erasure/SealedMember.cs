using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventStore.Erasure;

/// <summary>
/// A personal member as it is stored: <c>{"$sealed":"s.17.…"}</c>, that is whether it was text (s) or something else
/// (o), the id of its subject's key, and AES-256-GCM's nonce, ciphertext and tag of the member's JSON in base64. The
/// type's name and the member's path are authenticated with it, so it can be moved nowhere else.
/// </summary>
internal static class SealedMember
{
    /// <summary>What erased text reads as. Members of other kinds are left out.</summary>
    public const string Placeholder = "[erased]";

    private static readonly byte[] PlaceholderJson = Encoding.UTF8.GetBytes($"\"{Placeholder}\"");

    private const string MemberName = "$sealed";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>What the one member of a sealed value is called.</summary>
    public static ReadOnlySpan<byte> Name => "$sealed"u8;

    /// <summary>Whether there may be a sealed member in an event's JSON: one vectorized look.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf("\"$sealed\":"u8) >= 0;

    /// <summary>Seals the members that the paths name, where they are there and not null.</summary>
    /// <param name="paths">Such as <c>shippingAddress.name</c>; arrays on the way are walked through.</param>
    public static void SealAll(JsonObject data, string type, IEnumerable<string> paths, SubjectKey key)
    {
        foreach (var path in paths)
            SealIn(data, path.Split('.'), 0, $"{type}/{path}", key);
    }

    /// <summary>Opens every sealed member; one whose key is destroyed is the placeholder, or gone.</summary>
    /// <param name="keys">In the order of the event's.</param>
    /// <param name="opened">Of the event's JSON; it still has to be completed.</param>
    /// <exception cref="EventDataException">A member was altered, or its key is another's.</exception>
    public static void OpenAll(SealedEvent @sealed, IReadOnlyList<SubjectKey> keys, OpenedJson opened)
    {
        using var ciphers = new Ciphers();
        foreach (var member in @sealed.Members)
        {
            var key = keys[@sealed.Keys.IndexOf(member.KeyId)];
            if (key.Secret is not null && member.Box.Length > 0)
                Open(member, key, ciphers, opened);
            else if (member.IsText)
                PlaceholderJson.CopyTo(opened.Replace(member.ValueStart, member.ValueEnd, PlaceholderJson.Length));
            else
                opened.Remove(member.MemberStart, member.ValueEnd);
        }
    }

    private static void SealIn(JsonNode? node, string[] path, int depth, string bound, SubjectKey key)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                    SealIn(item, path, depth, bound, key);
                break;
            case JsonObject data when data[path[depth]] is { } member:
                if (depth == path.Length - 1)
                    data[path[depth]] = Seal(member, bound, key);
                else
                    SealIn(member, path, depth + 1, bound, key);
                break;
        }
    }

    private static JsonObject Seal(JsonNode member, string bound, SubjectKey key)
    {
        var kind = member.GetValueKind() is JsonValueKind.String ? 's' : 'o';
        var head = string.Create(CultureInfo.InvariantCulture, $"{kind}.{key.Id}.");
        if (key.Secret is null)
            return new JsonObject { [MemberName] = head };

        var plain = JsonSerializer.SerializeToUtf8Bytes(member);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key.Secret, TagBytes);
        aes.Encrypt(
            box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(^TagBytes..),
            Encoding.UTF8.GetBytes(bound));
        return new JsonObject { [MemberName] = head + Convert.ToBase64String(box) };
    }

    private static void Open(in SealedSpot member, SubjectKey key, Ciphers ciphers, OpenedJson opened)
    {
        var box = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(member.Box.Length));
        try
        {
            if (Base64.DecodeFromUtf8(member.Box.Span, box, out _, out var length) != OperationStatus.Done
                || length < NonceBytes + TagBytes)
                throw new CryptographicException("It is no base64 of a nonce, a ciphertext and a tag.");
            var sealedBytes = box.AsSpan(0, length);
            var plain = opened.Replace(member.ValueStart, member.ValueEnd, length - NonceBytes - TagBytes);
            ciphers.Of(key).Decrypt(
                sealedBytes[..NonceBytes], sealedBytes[NonceBytes..^TagBytes], sealedBytes[^TagBytes..], plain,
                member.Bound);
        }
        catch (CryptographicException e)
        {
            throw new EventDataException(
                $"its personal member '{Encoding.UTF8.GetString(member.Bound)}' does not open with the key {key.Id} of its "
                + "subject: it was altered, or the key was",
                e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(box);
        }
    }

    /// <summary>An event's members have one subject, as a rule: its cipher is made once.</summary>
    private sealed class Ciphers : IDisposable
    {
        private SubjectKey? last;
        private AesGcm? cipher;

        public AesGcm Of(SubjectKey key)
        {
            if (ReferenceEquals(key, last) && cipher is not null)
                return cipher;
            cipher?.Dispose();
            (last, cipher) = (key, new AesGcm(key.Secret!, TagBytes));
            return cipher;
        }

        public void Dispose() => cipher?.Dispose();
    }
}

/// <summary>The key of a subject.</summary>
/// <param name="Secret">256 bits; null once it is destroyed.</param>
internal sealed record SubjectKey(long Id, byte[]? Secret);
