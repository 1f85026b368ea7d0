using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Http;

/// <summary>Whose data a request is about.</summary>
public static partial class TenantExtensions
{
    /// <summary>The header that names the tenant.</summary>
    public const string Header = "Tenant";

    /// <summary>The tenant of requests that name none.</summary>
    public const string Default = "demo";

    /// <summary>The request's tenant, from the header <c>Tenant</c>; <c>demo</c> without it.</summary>
    /// <exception cref="BadHttpRequestException">The header is no tenant's name; answered 400.</exception>
    public static string Tenant(this HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values))
            return Default;
        return values is [{ } tenant] && Name().IsMatch(tenant)
            ? tenant
            : throw new BadHttpRequestException(
                $"The header {Header} must be 1 to 40 letters, digits, dots, hyphens or underscores, was '{values}'.");
    }

    // No slash: the name is part of stream names and keys.
    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,40}\z")]
    private static partial Regex Name();
}
