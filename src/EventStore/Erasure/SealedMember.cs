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

    private const string Name = "$sealed";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Whether there may be a sealed member in an event's JSON: one vectorized look.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf("\"$sealed\":"u8) >= 0;

    /// <summary>Seals the members that the paths name, where they are there and not null.</summary>
    /// <param name="paths">Such as <c>shippingAddress.name</c>; arrays on the way are walked through.</param>
    public static void SealAll(JsonObject data, string type, IEnumerable<string> paths, SubjectKey key)
    {
        foreach (var path in paths)
            SealIn(data, path.Split('.'), 0, $"{type}/{path}", key);
    }

    /// <summary>The ids of the keys that the event needs.</summary>
    public static IEnumerable<long> KeysOf(JsonNode? node) => node switch
    {
        JsonObject data when Text(data) is { } text => [KeyId(text)],
        JsonObject data => data.SelectMany(member => KeysOf(member.Value)),
        JsonArray items => items.SelectMany(KeysOf),
        _ => [],
    };

    /// <summary>Opens every sealed member; one whose key is destroyed becomes the placeholder or goes.</summary>
    /// <exception cref="EventDataException">A member was altered, or its key is another's.</exception>
    public static void OpenAll(JsonObject data, string type, IReadOnlyDictionary<long, SubjectKey> keys) =>
        OpenIn(data, "", type, keys);

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
            return new JsonObject { [Name] = head };

        var plain = JsonSerializer.SerializeToUtf8Bytes(member);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key.Secret, TagBytes);
        aes.Encrypt(
            box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(^TagBytes..),
            Encoding.UTF8.GetBytes(bound));
        return new JsonObject { [Name] = head + Convert.ToBase64String(box) };
    }

    private static void OpenIn(JsonNode? node, string path, string type, IReadOnlyDictionary<long, SubjectKey> keys)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                    OpenIn(item, path, type, keys);
                break;
            case JsonObject data:
                foreach (var (name, member) in data.ToList())
                {
                    var here = path.Length == 0 ? name : $"{path}.{name}";
                    if (member is not JsonObject inner || Text(inner) is not { } text)
                        OpenIn(member, here, type, keys);
                    else if (Open(text, $"{type}/{here}", keys) is { } opened)
                        data[name] = opened;
                    else
                        data.Remove(name);
                }
                break;
        }
    }

    /// <returns>Null: erased, and no text.</returns>
    private static JsonNode? Open(string text, string bound, IReadOnlyDictionary<long, SubjectKey> keys)
    {
        var key = keys[KeyId(text)];
        var box = Convert.FromBase64String(text[(text.LastIndexOf('.') + 1)..]);
        if (key.Secret is null || box.Length == 0)
            return text[0] == 's' ? JsonValue.Create(Placeholder) : null;
        try
        {
            var plain = new byte[box.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key.Secret, TagBytes);
            aes.Decrypt(
                box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(^TagBytes..), plain,
                Encoding.UTF8.GetBytes(bound));
            return JsonNode.Parse(plain);
        }
        catch (CryptographicException e)
        {
            throw new EventDataException(
                $"its personal member '{bound}' does not open with the key {key.Id} of its subject: it was altered, or "
                + "the key was",
                e);
        }
    }

    private static string? Text(JsonObject data) =>
        data.Count == 1 && data[Name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static long KeyId(string text) =>
        long.Parse(text.AsSpan()[2..text.LastIndexOf('.')], NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>The key of a subject.</summary>
/// <param name="Secret">256 bits; null once it is destroyed.</param>
internal sealed record SubjectKey(long Id, byte[]? Secret);
