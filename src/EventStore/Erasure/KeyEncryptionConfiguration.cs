using Microsoft.Extensions.Configuration;

namespace EventStore;

/// <summary>Where a program finds its key-encryption keys.</summary>
public static class KeyEncryptionConfiguration
{
    /// <summary>
    /// The options with the keys that the configuration lists under <c>EventStore:KeyEncryptionKeys</c>, the current
    /// one first: <c>EventStore__KeyEncryptionKeys__0__Name</c> and <c>EventStore__KeyEncryptionKeys__0__Secret</c> (32
    /// bytes in base64). None listed: as they are.
    /// </summary>
    /// <exception cref="InvalidOperationException">A name is missing, or a secret is no 32 bytes in base64.</exception>
    public static EventStoreOptions WithKeysFrom(this EventStoreOptions options, IConfiguration configuration)
    {
        var keys = configuration.GetSection("EventStore:KeyEncryptionKeys").GetChildren().Select(Read).ToList();
        return keys.Count == 0 ? options : options with { KeyEncryptionKeys = keys };
    }

    private static KeyEncryptionKey Read(IConfigurationSection section)
    {
        var name = section["Name"];
        if (string.IsNullOrWhiteSpace(name))
            throw new InvalidOperationException($"{section.Path}:Name is missing: name the key-encryption key.");
        var secret = new byte[32];
        // The value is a secret: it is not repeated here.
        return Convert.TryFromBase64String(section["Secret"] ?? "", secret, out var length) && length == secret.Length
            ? new KeyEncryptionKey(name, secret)
            : throw new InvalidOperationException(
                $"{section.Path}:Secret is no 32 bytes in base64: make one with 'openssl rand -base64 32'.");
    }
}
