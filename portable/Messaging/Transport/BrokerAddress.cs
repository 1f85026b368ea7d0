using System.Data.Common;
using System.Globalization;
using System.Net.Security;
using RabbitMQ.Client;

namespace Portable.Messaging.Transport;

/// <summary>The parts of a connection string, in either of its two forms.</summary>
internal sealed record BrokerAddress(
    string Host, int Port, string VirtualHost, string UserName, string Password, bool UseTls)
{
    /// <exception cref="ArgumentException">It is neither an AMQP URI nor <c>host=…</c> pairs.</exception>
    public static BrokerAddress Parse(string connectionString) =>
        connectionString.StartsWith("amqp", StringComparison.OrdinalIgnoreCase)
            ? FromUri(connectionString)
            : FromPairs(connectionString);

    public AmqpTcpEndpoint ToEndpoint(bool validateCertificate)
    {
        var ssl = new SslOption { Enabled = UseTls, ServerName = Host };
        if (UseTls && !validateCertificate)
        {
            ssl.AcceptablePolicyErrors = SslPolicyErrors.RemoteCertificateChainErrors
                | SslPolicyErrors.RemoteCertificateNameMismatch
                | SslPolicyErrors.RemoteCertificateNotAvailable;
        }

        return new AmqpTcpEndpoint(Host, Port, ssl);
    }

    private static BrokerAddress FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Segments.Length > 2)
        {
            throw new ArgumentException(
                "The RabbitMQ connection string is not an AMQP URI: expected amqp://user:password@host:port/vhost.");
        }

        var tls = uri.Scheme.Equals("amqps", StringComparison.OrdinalIgnoreCase);
        var user = uri.UserInfo.Split(':', 2);
        return new BrokerAddress(
            uri.Host,
            uri.IsDefaultPort || uri.Port < 0 ? DefaultPort(tls) : uri.Port,
            uri.Segments.Length == 2 ? Uri.UnescapeDataString(uri.Segments[1]) : "/",
            user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "guest",
            user.Length == 2 ? Uri.UnescapeDataString(user[1]) : "guest",
            tls);
    }

    private static BrokerAddress FromPairs(string text)
    {
        var pairs = new DbConnectionStringBuilder { ConnectionString = text };
        string Read(string key, string otherwise) =>
            pairs.TryGetValue(key, out var value) && Convert.ToString(value, CultureInfo.InvariantCulture)
                is { Length: > 0 } found
                    ? found
                    : otherwise;

        var host = Read("host", "");
        if (host.Length == 0)
        {
            throw new ArgumentException(
                "The RabbitMQ connection string names no host: expected amqp://user:password@host:port or host=….");
        }

        var tls = bool.TryParse(Read("useTls", "false"), out var useTls) && useTls;
        var port = Read("port", DefaultPort(tls).ToString(CultureInfo.InvariantCulture));
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new BrokerAddress(
                host, number, Read("virtualHost", "/"), Read("userName", "guest"), Read("password", "guest"), tls)
            : throw new ArgumentException($"The RabbitMQ connection string's port '{port}' is not a number.");
    }

    private static int DefaultPort(bool tls) => tls ? 5671 : 5672;
}
