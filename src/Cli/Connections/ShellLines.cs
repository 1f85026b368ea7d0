using System.Net;
using Npgsql;
using StackExchange.Redis;

namespace Cli.Connections;

/// <summary>Connection strings as a shell and its tools take them.</summary>
internal static class ShellLines
{
    private const string Prefix = "ConnectionStrings__";
    private const string Management = "services__rabbitmq__management__0";

    /// <summary><c>export NAME='VALUE'</c>, by name; none where the environment has no connection string.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> environment)
    {
        var given = environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)
                || (variable.Key.StartsWith("services__", StringComparison.Ordinal) && variable.Value.Length > 0))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        if (!given.Keys.Any(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            return [];
        Add("URL", Prefix + "commerce", Postgres);
        Add("READ", Prefix + "readmodels", Postgres);
        Add("REDIS", Prefix + "redis", Redis);
        Add("SEARCH", Prefix + "elasticsearch", address => address);
        if (given.TryGetValue(Prefix + "rabbitmq", out var broker))
            Add("BROKER", Management, address => WithUser(address, new Uri(broker).UserInfo));
        return [.. given.Select(variable => $"export {variable.Key}={Quoted(variable.Value)}")];

        void Add(string name, string of, Func<string, string> make)
        {
            if (given.TryGetValue(of, out var value))
                given[name] = make(value);
        }
    }

    private static string Postgres(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{Uri.EscapeDataString(server.Username ?? "")}:{Uri.EscapeDataString(server.Password ?? "")}"
            + $"@{server.Host}:{server.Port}/{Uri.EscapeDataString(server.Database ?? "")}";
    }

    /// <summary>With the user <c>default</c>: without any, redis-cli before 7 sends an empty one.</summary>
    private static string Redis(string connectionString)
    {
        var server = ConfigurationOptions.Parse(connectionString);
        var (host, port) = server.EndPoints[0] switch
        {
            DnsEndPoint named => (named.Host, named.Port),
            IPEndPoint numbered => (numbered.Address.ToString(), numbered.Port),
            var other => throw new InvalidDataException($"'{other}' in ConnectionStrings__redis is no host and port."),
        };
        var login = server.Password is { Length: > 0 } password
            ? $"default:{Uri.EscapeDataString(password)}@"
            : "";
        return $"{(server.Ssl ? "rediss" : "redis")}://{login}{host}:{(port > 0 ? port : 6379)}";
    }

    private static string WithUser(string address, string user)
    {
        var uri = new Uri(address);
        return $"{uri.Scheme}://{user}@{uri.Authority}";
    }

    private static string Quoted(string value) => $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
