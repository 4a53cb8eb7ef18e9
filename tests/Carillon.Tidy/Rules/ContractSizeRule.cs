using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>
/// What a new transport or store must write stays small: a transport at most 12 members in all its types together, a store at most 15.
/// Members with a body of their own do not count; what a type inherits does.
/// </summary>
public sealed class ContractSizeRule : IRule
{
    private const int TransportLimit = 12;
    private const int StoreLimit = 15;
    private static readonly string[] Transport = ["ITransport", "ITransportSender", "ITransportReceiver", "Delivery"];

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        var types = tree.CSharp("src").SelectMany(file => file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>().Select(type => (File: file, Type: type)))
            .Where(found => found.Type is InterfaceDeclarationSyntax || found.Type.Modifiers.Any(SyntaxKind.AbstractKeyword))
            .ToLookup(found => found.Type.Identifier.Text);
        var transport = Transport.SelectMany(name => types[name]).Where(found => IsPublic(found.Type)).ToList();
        var sum = transport.Sum(found => Required(found.Type, types));
        if (sum > TransportLimit)
            yield return transport[0].File.Violation(this, transport[0].Type.Identifier, $"a transport must write {sum} members, over {TransportLimit}: make what not every broker can do an extra interface");
        foreach (var (file, type) in types.SelectMany(found => found).Where(found => IsStore(found.Type)))
        {
            if (Required(type, types) is > StoreLimit and var count)
                yield return file.Violation(this, type.Identifier, $"{type.Identifier.Text} asks for {count} members, over {StoreLimit}: split it by who calls it");
        }
    }

    private static bool IsPublic(TypeDeclarationSyntax type) => type.Modifiers.Any(SyntaxKind.PublicKeyword);

    private static bool IsStore(TypeDeclarationSyntax type) =>
        type is InterfaceDeclarationSyntax && IsPublic(type) && !Transport.Contains(type.Identifier.Text) && type.Identifier.Text != "ICarillonBuilder";

    private static int Required(TypeDeclarationSyntax type, ILookup<string, (SourceFile File, TypeDeclarationSyntax Type)> types) =>
        type.Members.Count(IsRequired) + (type.BaseList?.Types ?? []).Sum(parent => parent.Type.ToString() switch
        {
            "IDisposable" or "IAsyncDisposable" => 1,
            var name => types[name].Sum(found => Required(found.Type, types)),
        });

    private static bool IsRequired(MemberDeclarationSyntax member) =>
        !member.Modifiers.Any(SyntaxKind.StaticKeyword)
        && (member.Parent is InterfaceDeclarationSyntax || member.Modifiers.Any(SyntaxKind.AbstractKeyword))
        && member switch
        {
            BaseMethodDeclarationSyntax method => method.Body is null && method.ExpressionBody is null,
            PropertyDeclarationSyntax property => property.ExpressionBody is null && property.AccessorList!.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null),
            BasePropertyDeclarationSyntax or EventFieldDeclarationSyntax => true,
            _ => false,
        };
}
