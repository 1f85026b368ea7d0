namespace Cli.Apis;

internal static class HttpClients
{
    /// <summary>
    /// A pooled client for one service; a connection lives two minutes at most, so a moved service is found.
    /// </summary>
    public static HttpClient For(Uri service, string tenant) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    })
    {
        BaseAddress = new Uri(service.AbsoluteUri.TrimEnd('/') + "/"),
        Timeout = TimeSpan.FromSeconds(40),
        DefaultRequestHeaders = { { "Tenant", tenant } },
    };
}
