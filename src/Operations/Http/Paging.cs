namespace Operations.Http;

/// <summary><c>?page=1&amp;per_page=50</c>; anything else than a positive number is the default.</summary>
internal sealed record Paging(int Page, int Size)
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public long Offset => (Page - 1L) * Size;

    public static ValueTask<Paging> BindAsync(HttpContext context) =>
        ValueTask.FromResult(new Paging(Number(context, "page", 1), Math.Min(SizeOf(context), LargestSize)));

    private static int SizeOf(HttpContext context) =>
        Number(context, "per_page", Number(context, "page_size", DefaultSize));

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], out var number) && number > 0 ? number : otherwise;
}
