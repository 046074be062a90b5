import { COMPLEX_TYPES, type ComplexType, type HelpdeskOperation, OPERATIONS, soapActionOf } from './operations.ts';

const ENCODED_BODY =
  '<soap:body use="encoded" namespace="urn:myapi" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/>';

/**
 * The description of the service, RPC/encoded, with the layout of NuSOAP 0.9.5: what it generated for these operations
 * was compared with this, line by line.
 * @param address Where the clients that read it are to post, without a query.
 * @param operations Those that it lists.
 */
export function writeWsdl(address: string, operations: readonly HelpdeskOperation[] = OPERATIONS): string {
  return [
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
    '<definitions xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:tns="urn:myapi" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:myapi">',
    '<types>',
    '<xsd:schema targetNamespace="urn:myapi"',
    '>',
    ' <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/" />',
    ' <xsd:import namespace="http://schemas.xmlsoap.org/wsdl/" />',
    ...COMPLEX_TYPES.flatMap(complexTypeOf),
    '</xsd:schema>',
    '</types>',
    ...operations.flatMap(messagesOf),
    '<portType name="myapiPortType">',
    ...operations.flatMap(portOperationOf),
    '</portType>',
    '<binding name="myapiBinding" type="tns:myapiPortType">',
    '  <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>',
    ...operations.flatMap(bindingOperationOf),
    '</binding>',
    '<service name="myapi">',
    '  <port name="myapiPort" binding="tns:myapiBinding">',
    `    <soap:address location="${address}"/>`,
    '  </port>',
    '</service>',
    '</definitions>',
  ].join('\n');
}

function complexTypeOf(type: ComplexType): string[] {
  const inside =
    type.kind === 'struct'
      ? [
          '  <xsd:all>',
          ...type.fields.map(([name, fieldType]) => `   <xsd:element name="${name}" type="${fieldType}"/>`),
          '  </xsd:all>',
        ]
      : [
          '  <xsd:complexContent>',
          '   <xsd:restriction base="SOAP-ENC:Array">',
          `    <xsd:attribute ref="SOAP-ENC:arrayType" wsdl:arrayType="tns:${type.itemType}[]"/>`,
          '   </xsd:restriction>',
          '  </xsd:complexContent>',
        ];
  return [` <xsd:complexType name="${type.name}">`, ...inside, ' </xsd:complexType>'];
}

function messagesOf({ name, parts, returns }: HelpdeskOperation): string[] {
  const message = (end: string, lines: string[]) => [`<message name="${name}${end}">`, `${lines.join('\n')}</message>`];
  return [
    ...message(
      'Request',
      parts.map((part) => `  <part name="${part}" type="xsd:string" />`),
    ),
    ...message('Response', [`  <part name="return" type="${returns}" />`]),
  ];
}

function portOperationOf({ name, documentation }: HelpdeskOperation): string[] {
  return [
    `  <operation name="${name}">`,
    `    <documentation>${documentation}</documentation>`,
    `    <input message="tns:${name}Request"/>`,
    `    <output message="tns:${name}Response"/>`,
    '  </operation>',
  ];
}

function bindingOperationOf(operation: HelpdeskOperation): string[] {
  return [
    `  <operation name="${operation.name}">`,
    `    <soap:operation soapAction="${soapActionOf(operation)}" style="rpc"/>`,
    `    <input>${ENCODED_BODY}</input>`,
    `    <output>${ENCODED_BODY}</output>`,
    '  </operation>',
  ];
}
