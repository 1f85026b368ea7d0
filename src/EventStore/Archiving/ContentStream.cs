using System.Security.Cryptography;
using System.Text;

namespace EventStore.Archiving;

/// <summary>Passes the text of a COPY on, piece by piece, and digests it. Constant memory.</summary>
internal sealed class ContentStream : IDisposable
{
    private const int Piece = 64 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long rows;
    private long bytes;

    /// <param name="to">Receives UTF-8; null: only the digest is wanted.</param>
    public static async Task<ContentDigest> FromText(TextReader text, Stream? to, CancellationToken cancellationToken)
    {
        using var content = new ContentStream();
        var encoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetEncoder();
        var (characters, encoded) = (new char[Piece], new byte[Encoding.UTF8.GetMaxByteCount(Piece)]);
        for (int read; (read = await text.ReadAsync(characters, cancellationToken)) > 0;)
        {
            var count = encoder.GetBytes(characters.AsSpan(0, read), encoded, flush: false);
            content.Take(encoded.AsSpan(0, count));
            if (to is not null)
                await to.WriteAsync(encoded.AsMemory(0, count), cancellationToken);
        }
        return content.Digest();
    }

    /// <param name="to">Receives the text; null: only the digest is wanted.</param>
    public static async Task<ContentDigest> FromBytes(Stream from, TextWriter? to, CancellationToken cancellationToken)
    {
        using var content = new ContentStream();
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        var (encoded, characters) = (new byte[Piece], new char[Encoding.UTF8.GetMaxCharCount(Piece)]);
        for (int read; (read = await from.ReadAsync(encoded, cancellationToken)) > 0;)
        {
            content.Take(encoded.AsSpan(0, read));
            if (to is null)
                continue;
            var count = decoder.GetChars(encoded.AsSpan(0, read), characters, flush: false);
            await to.WriteAsync(characters.AsMemory(0, count), cancellationToken);
        }
        return content.Digest();
    }

    public void Dispose() => hash.Dispose();

    private void Take(ReadOnlySpan<byte> piece)
    {
        hash.AppendData(piece);
        bytes += piece.Length;
        // A line is a row: line ends within a row are escaped.
        rows += piece.Count((byte)'\n');
    }

    private ContentDigest Digest() => new(rows, bytes, Convert.ToHexStringLower(hash.GetCurrentHash()));
}
