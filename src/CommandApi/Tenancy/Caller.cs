using System.Text.RegularExpressions;

namespace CommandApi.Tenancy;

/// <summary>On whose behalf a request is made.</summary>
/// <param name="Tenant">1 to 64 letters, digits, <c>_</c> and <c>-</c>.</param>
/// <param name="User">Null where nobody signed on.</param>
internal sealed partial record Caller(string Tenant, string? User)
{
    /// <summary>Names the tenant where no token does.</summary>
    public const string TenantHeader = "Tenant";

    private const string DefaultTenant = "demo";

    /// <summary>
    /// The one place that decides who asks: development takes the tenant from a header. Where tokens are in force, the
    /// <c>tenant</c> claim takes the header's place here.
    /// </summary>
    /// <param name="failures">Gets what is wrong with the header.</param>
    public static Caller Of(HttpContext context, List<(string Field, string Message)> failures)
    {
        var header = context.Request.Headers[TenantHeader];
        var tenant = header.Count == 0 ? DefaultTenant : header.ToString();
        if (!Name().IsMatch(tenant))
            failures.Add((TenantHeader, $"must be 1 to 64 of A-Z a-z 0-9 _ -, was '{tenant}'"));
        return new Caller(tenant, context.User.Identity?.Name);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Name();
}
