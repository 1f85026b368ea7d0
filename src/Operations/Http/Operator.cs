using System.Net;

namespace Operations.Http;

/// <summary>Who asks: the signed-on user, else the name that a tool gives in the header <c>Operator</c>.</summary>
/// <param name="Where">The address the request came from.</param>
internal sealed record Operator(string Name, string Where)
{
    private const string Header = "Operator";
    private const string Nobody = "anonymous";
    private const int LongestName = 100;

    public static ValueTask<Operator> BindAsync(HttpContext context)
    {
        var claimed = context.Request.Headers[Header].ToString();
        var name = context.User.Identity?.Name ?? (claimed.Length > 0 ? claimed : Nobody);
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return ValueTask.FromResult(new Operator(name[..Math.Min(name.Length, LongestName)], address.ToString()));
    }
}
