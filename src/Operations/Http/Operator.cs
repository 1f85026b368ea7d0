using System.Net;

namespace Operations.Http;

/// <summary>
/// Who asks: the signed-on user, else the name that a tool gives in the header <c>Operator</c>. One for each request.
/// </summary>
/// <param name="Where">The address the request came from.</param>
internal sealed record Operator(string Name, string Where)
{
    private const string Header = "Operator";
    private const string Nobody = "anonymous";
    private const int LongestName = 100;

    /// <summary>Whether something that this request asked for is on record.</summary>
    public bool IsRecorded { get; set; }

    public static ValueTask<Operator> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static Operator Of(HttpContext context)
    {
        if (context.Items[typeof(Operator)] is Operator known)
            return known;
        var claimed = context.Request.Headers[Header].ToString();
        var name = context.User.Identity?.Name ?? (claimed.Length > 0 ? claimed : Nobody);
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var who = new Operator(name[..Math.Min(name.Length, LongestName)], address.ToString());
        context.Items[typeof(Operator)] = who;
        return who;
    }
}
