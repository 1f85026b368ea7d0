namespace Portable.Messaging;

/// <summary>Values of header <see cref="Headers.ContentType"/>.</summary>
public static class ContentTypes
{
    public const string Json = "application/json";
    public const string Xml = "text/xml";
}
