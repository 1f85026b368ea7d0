using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Operations.Console;

/// <summary>The page's files, embedded in the program: nothing is fetched from elsewhere, nothing is built.</summary>
internal sealed class PageFiles
{
    private const string Folder = "Operations.Console.Pages.";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, PageFile> files = typeof(PageFiles).Assembly
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], Read);

    /// <summary>A file, kept by browsers but asked for each time; 404 where there is none of this name.</summary>
    public IResult Serve(string name) => files.TryGetValue(name, out var file)
        ? Results.Bytes(file.Content, file.Type, entityTag: file.Tag)
        : Results.Problem($"The console has no file '{name}'.", statusCode: StatusCodes.Status404NotFound);

    private static PageFile Read(string resource)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";
        return new PageFile(content, Types[Path.GetExtension(resource)], new EntityTagHeaderValue(tag));
    }

    private sealed record PageFile(byte[] Content, string Type, EntityTagHeaderValue Tag);
}
