using OrderFlow.Web;

namespace OrderFlow.Email;

/// <summary><c>GET /emails</c>.</summary>
internal static class EmailEndpoints
{
    public static void MapEmails(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/emails", (HttpRequest request, Mailbox mailbox, CancellationToken cancellation) =>
            PageQuery.From(request).ReadAsync(mailbox.ListAsync, cancellation));
}
