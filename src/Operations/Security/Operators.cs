using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Operations.Security;

/// <summary>Those who may sign on, by their keys.</summary>
internal sealed class Operators
{
    /// <summary>Keys are made by machines; what a person would think of could be guessed from its hash.</summary>
    public const int ShortestKey = 32;

    private const string KeyClaim = "key";
    private const int LongestName = 100;

    private readonly IReadOnlyList<(string Name, OperatorRole Role, byte[] Hash)> known;

    /// <exception cref="OperatorSettingsException">An entry makes no sense.</exception>
    public Operators(IReadOnlyList<OperatorAccount> accounts) =>
        known = [.. accounts.Select((account, index) => Check(account, index, accounts))];

    /// <summary>Whether anybody can sign on, and so has to.</summary>
    public bool Any => known.Count > 0;

    /// <summary>Whose key it is; null: nobody's. Takes the same time for any key.</summary>
    /// <param name="scheme">How the key came: the authentication type of the identity.</param>
    public ClaimsPrincipal? Find(string key, string scheme)
    {
        if (key.Length < ShortestKey)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        (string Name, OperatorRole Role, byte[] Hash)? found = null;
        foreach (var one in known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, one.Hash))
                found = one;
        }

        return found is var (name, role, theirs)
            ? new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.Name, name),
                    new Claim(ClaimTypes.Role, role.ToString()),
                    new Claim(KeyClaim, IdOf(theirs)),
                ],
                scheme))
            : null;
    }

    /// <summary>Whether one who signed on before still has the same key and role.</summary>
    public bool StillHas(ClaimsPrincipal principal) => known.Any(one =>
        one.Name == principal.Identity?.Name
        && principal.IsInRole(one.Role.ToString())
        && principal.HasClaim(KeyClaim, IdOf(one.Hash)));

    private static string IdOf(byte[] hash) => Convert.ToHexStringLower(SHA256.HashData(hash))[..16];

    private static (string, OperatorRole, byte[]) Check(
        OperatorAccount account, int index, IReadOnlyList<OperatorAccount> all)
    {
        var entry = $"Operations__Operators__{index}";
        if (account.Name is not { Length: > 0 and <= LongestName })
            throw Bad($"{entry}__Name is '{account.Name}': give a name of 1 to {LongestName} characters.");
        if (all.Count(other => other.Name == account.Name) > 1)
            throw Bad($"{entry}__Name is '{account.Name}', as is another's: what is done is recorded by name.");
        if (account.Role is not { } role)
            throw Bad($"{entry}__Role of '{account.Name}' is missing: give viewer, operator or service.");
        if (account.KeySha256.Length != 64 || !account.KeySha256.All(char.IsAsciiHexDigit))
            throw Bad($"{entry}__KeySha256 of '{account.Name}' is no SHA-256: give 64 hexadecimal digits. {MakeKey}");
        if (all.Count(other => other.KeySha256.Equals(account.KeySha256, StringComparison.OrdinalIgnoreCase)) > 1)
            throw Bad($"{entry}__KeySha256 of '{account.Name}' is another entry's too: each needs a key of its own.");
        return (account.Name, role, Convert.FromHexString(account.KeySha256));
    }

    /// <summary>How a key and its hash are made.</summary>
    public const string MakeKey =
        "A key and its hash: KEY=$(openssl rand -hex 32); echo $KEY; printf %s $KEY | sha256sum";

    private static OperatorSettingsException Bad(string words) => new(words);
}

/// <summary>Operations cannot start: who may sign on is not said, or not so that it can be.</summary>
internal sealed class OperatorSettingsException(string message) : Exception(message);
