using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Http;

/// <summary>
/// Whose data a request is about: the one place that decides it. Development takes the tenant from a header; where
/// tokens are in force, the claim <c>tenant</c> takes the header's place here.
/// </summary>
public static partial class TenantExtensions
{
    /// <summary>The header that names the tenant.</summary>
    public const string Header = "Tenant";

    /// <summary>The tenant of requests that name none.</summary>
    public const string Default = "demo";

    /// <summary>The request's tenant, 1 to 64 letters, digits, <c>_</c> and <c>-</c>.</summary>
    /// <exception cref="InvalidRequestException">The header is no tenant's name; answered 400.</exception>
    public static string Tenant(this HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values))
            return Default;
        return values is [{ } tenant] && Name().IsMatch(tenant)
            ? tenant
            : throw new InvalidRequestException(Header, $"must be 1 to 64 of A-Z a-z 0-9 _ -, was '{values}'");
    }

    // No slash: the name is part of stream names and keys.
    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Name();
}
