namespace Portable.Messaging;

/// <summary>Where the broker's management API answers and as whom; what is left out follows from the connection
/// string.</summary>
public class ManagementApiConfiguration
{
    public ManagementApiConfiguration(string url)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        Url = url;
    }

    public ManagementApiConfiguration(string userName, string password)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userName);
        ArgumentException.ThrowIfNullOrWhiteSpace(password);
        (UserName, Password) = (userName, password);
    }

    public ManagementApiConfiguration(string url, string userName, string password)
        : this(userName, password)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        Url = url;
    }

    public string? Url { get; }

    public string? UserName { get; }

    public string? Password { get; }
}
