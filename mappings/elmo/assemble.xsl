<?xml version="1.0" encoding="UTF-8"?>
<!--
  One ELMO 1.7 document out of the results of all registers, or a failure: learner_mismatch, nothing_to_transfer.
  The rules and why they are so: README.md. Owner: the hub.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:array="http://www.w3.org/2005/xpath-functions/array"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xpath-default-namespace="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:import href="functions.xsl"/>

  <xsl:mode name="los" on-no-match="fail"/>

  <xsl:key name="f:credit" match="learningOpportunitySpecification" use="f:credit-key(.)"/>
  <!-- Looked up, since each of thousands of parts asks the same of its whole. -->
  <xsl:key name="f:whole" match="learningOpportunitySpecification[f:ects-of(.)[f:is-passed(.)]][empty(f:ects-below(.)[f:is-passed(.)])]"
      use="generate-id()"/>
  <xsl:key name="f:keeps" match="learningOpportunitySpecification[exists(f:kept(.))]" use="generate-id()"/>

  <xsl:variable name="sources" as="element(hub:source)*" select="/hub:sources/hub:source"/>
  <!-- Everybody who says something of the learner: the request and each register that describes them. -->
  <xsl:variable name="parties" as="element()*"
      select="/hub:sources/hub:request, $sources/hub:result/hub:learner"/>
  <!-- The register that names the learner; empty: the names are the request's. Half a name counts as none. -->
  <xsl:variable name="namer" as="element(hub:learner)?"
      select="($sources/hub:result/hub:learner[normalize-space(hub:givenNames)][normalize-space(hub:familyName)])[1]"/>
  <!-- One member per issuer: its reports, in the order of the registers. -->
  <xsl:variable name="issuers" as="array(element(report)*)"
      select="fold-left($sources/hub:result/report, [], f:join-issuer#2)"/>

  <xsl:template match="/">
    <xsl:call-template name="refuse-other-person"/>
    <xsl:if test="empty($sources//learningOpportunityInstance)">
      <xsl:message terminate="yes" error-code="nothing_to_transfer">no register has a record of this learner</xsl:message>
    </xsl:if>
    <hub:assembled xsl:inherit-namespaces="no">
      <elmo>
        <generatedDate>{hub:sources/@generatedDate}</generatedDate>
        <xsl:call-template name="learner"/>
        <xsl:for-each select="1 to array:size($issuers)">
          <xsl:call-template name="report">
            <xsl:with-param name="reports" select="$issuers(.)"/>
          </xsl:call-template>
        </xsl:for-each>
        <xsl:if test="hub:sources/hub:missing">
          <extension>
            <xsl:for-each select="hub:sources/hub:missing">
              <missing xmlns="urn:emrexhub:elmo:1" register="{@register}" code="{@code}"/>
            </xsl:for-each>
          </extension>
        </xsl:if>
      </elmo>
      <xsl:call-template name="findings"/>
    </hub:assembled>
  </xsl:template>

  <!-- Never put two people into one document. Names never decide: they are written in many ways. -->
  <xsl:template name="refuse-other-person">
    <xsl:for-each select="distinct-values($parties/hub:identifier/@type)">
      <xsl:variable name="type" select="."/>
      <xsl:variable name="givers" select="$parties[hub:identifier[@type = $type]]"/>
      <xsl:for-each select="$givers">
        <xsl:variable name="values" select="f:values(., $type)"/>
        <xsl:if test="$type = 'nationalIdentifier' and count(distinct-values($values)) gt 1">
          <xsl:message terminate="yes" error-code="learner_mismatch">{f:name(.)} gives two values of {$type}</xsl:message>
        </xsl:if>
        <xsl:variable name="other" select="$givers[not(f:values(., $type) = $values)]"/>
        <xsl:if test="$other">
          <xsl:message terminate="yes" error-code="learner_mismatch">{f:name(.)} and {f:name($other[1])} give different values of {$type}</xsl:message>
        </xsl:if>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:variable name="dated" select="$parties[exists(f:birth-dates(.))]"/>
    <xsl:for-each select="$dated">
      <xsl:variable name="date" select="f:birth-dates(.)[1]"/>
      <xsl:variable name="other" select="$dated[f:birth-dates(.) != $date]"/>
      <xsl:if test="$other">
        <xsl:message terminate="yes" error-code="learner_mismatch">{
          if ($other[1] is .) then f:name(.) || ' gives a birth date that its identity code contradicts'
          else f:name(.) || ' and ' || f:name($other[1]) || ' give different birth dates'}</xsl:message>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="learner">
    <xsl:variable name="learners" select="$sources/hub:result/hub:learner"/>
    <xsl:variable name="names" select="($namer, /hub:sources/hub:request)[1]"/>
    <learner>
      <xsl:for-each select="($learners/hub:citizenship ! f:elmo-country(.))[1]">
        <citizenship>{.}</citizenship>
      </xsl:for-each>
      <xsl:for-each-group select="$learners/hub:identifier, /hub:sources/hub:request/hub:identifier"
          group-by="@type || '|' || f:folded(.)">
        <identifier type="{@type}">{normalize-space()}</identifier>
      </xsl:for-each-group>
      <givenNames>{normalize-space($names/hub:givenNames)}</givenNames>
      <familyName>{normalize-space($names/hub:familyName)}</familyName>
      <xsl:for-each select="($learners ! f:birth-dates(.), /hub:sources/hub:request ! f:birth-dates(.))[1]">
        <bday>{.}</bday>
      </xsl:for-each>
      <xsl:for-each select="($learners/hub:gender[normalize-space()])[1]">
        <gender>{normalize-space()}</gender>
      </xsl:for-each>
    </learner>
  </xsl:template>

  <!-- All that one issuer says, whichever register said it. -->
  <xsl:template name="report">
    <xsl:param name="reports" as="element(report)+"/>
    <report>
      <issuer>
        <xsl:for-each select="($reports/issuer/country ! f:elmo-country(.))[1]">
          <country>{.}</country>
        </xsl:for-each>
        <xsl:for-each-group select="$reports/issuer/identifier" group-by="f:issuer-key(.)">
          <identifier type="{f:issuer-type(@type)}">{normalize-space()}</identifier>
        </xsl:for-each-group>
        <xsl:for-each-group select="$reports/issuer/title[normalize-space()]" group-by="string(@xml:lang)">
          <xsl:copy-of select="." copy-namespaces="no"/>
        </xsl:for-each-group>
        <xsl:copy-of select="($reports/issuer/url)[1]" copy-namespaces="no"/>
      </issuer>
      <xsl:for-each select="$reports">
        <xsl:apply-templates mode="los" select="learningOpportunitySpecification[not(f:is-repeated(., $reports))]">
          <xsl:with-param name="reports" select="$reports" tunnel="yes"/>
        </xsl:apply-templates>
      </xsl:for-each>
      <issueDate>{(sort($reports/issueDate/string())[last()], /hub:sources/@generatedDate)[1]}</issueDate>
      <xsl:for-each-group select="$reports/gradingScheme" group-by="f:scale(., @localId)">
        <gradingScheme localId="{current-grouping-key()}">
          <xsl:copy-of select="description" copy-namespaces="no"/>
        </gradingScheme>
      </xsl:for-each-group>
    </report>
  </xsl:template>

  <!-- Copies are made without the namespaces of the mapping's result, which are no business of the document. -->
  <xsl:template mode="los" match="learningOpportunitySpecification">
    <xsl:param name="reports" as="element(report)+" tunnel="yes"/>
    <learningOpportunitySpecification>
      <xsl:copy-of select="* except (specifies, hasPart)" copy-namespaces="no"/>
      <specifies>
        <xsl:apply-templates mode="los" select="specifies/learningOpportunityInstance"/>
      </specifies>
      <xsl:for-each select="hasPart[not(f:is-repeated(learningOpportunitySpecification, $reports))]">
        <hasPart>
          <xsl:apply-templates mode="los" select="learningOpportunitySpecification"/>
        </hasPart>
      </xsl:for-each>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template mode="los" match="learningOpportunityInstance">
    <xsl:param name="reports" as="element(report)+" tunnel="yes"/>
    <learningOpportunityInstance>
      <xsl:copy-of select="identifier, start, date, academicTerm" copy-namespaces="no"/>
      <status>{(status, 'passed')[1]}</status>
      <xsl:for-each select="gradingSchemeLocalId">
        <gradingSchemeLocalId>{f:scale(., .)}</gradingSchemeLocalId>
      </xsl:for-each>
      <xsl:copy-of select="resultLabel" copy-namespaces="no"/>
      <xsl:apply-templates mode="los" select="credit[not(f:leave-out(.) or f:is-counted-before(., $reports))]"/>
      <xsl:copy-of
          select="* except (identifier, start, date, academicTerm, status, gradingSchemeLocalId, resultLabel, credit)" copy-namespaces="no"/>
    </learningOpportunityInstance>
  </xsl:template>

  <xsl:template mode="los" match="credit">
    <credit>
      <scheme>{if (f:is-ects(.)) then 'ects' else scheme}</scheme>
      <xsl:copy-of select="* except scheme" copy-namespaces="no"/>
    </credit>
  </xsl:template>

  <!-- What a person should know of how the document was made. -->
  <xsl:template name="findings">
    <xsl:choose>
      <xsl:when test="$namer">
        <hub:finding register="{f:register($namer)}" rule="names-from-register" severity="info"/>
        <xsl:if test="f:other-names(/hub:sources/hub:request)">
          <hub:finding rule="request-names-differ" severity="warning"/>
        </xsl:if>
      </xsl:when>
      <xsl:otherwise>
        <hub:finding rule="names-from-request" severity="info"/>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:variable name="citizenship" select="($sources/hub:result/hub:learner/hub:citizenship ! f:elmo-country(.))[1]"/>
    <xsl:for-each select="$sources">
      <xsl:variable name="register" select="@register"/>
      <xsl:variable name="learner" select="hub:result/hub:learner"/>
      <xsl:if test="$learner ! f:other-names(.)">
        <hub:finding register="{$register}" rule="names-differ" severity="warning"/>
      </xsl:if>
      <xsl:if test="($learner/hub:citizenship ! f:elmo-country(.)) != $citizenship">
        <hub:finding register="{$register}" rule="citizenship-differs" severity="info"/>
      </xsl:if>
      <xsl:if test="($learner/hub:citizenship, hub:result/report/issuer/country)[normalize-space()][empty(f:elmo-country(.))]">
        <hub:finding register="{$register}" rule="country-not-in-elmo" severity="info"/>
      </xsl:if>
      <xsl:if test="empty(.//learningOpportunityInstance)">
        <hub:finding register="{$register}" rule="nothing-in-register" severity="info"/>
      </xsl:if>
      <xsl:for-each select=".//learningOpportunityInstance[not(status)]">
        <hub:finding register="{$register}" ref="{identifier[1]}" rule="status-assumed" severity="info"/>
      </xsl:for-each>
      <xsl:for-each select=".//credit[f:leave-out(.)][xs:decimal(value) ne 0]">
        <xsl:variable name="equal" select="sum(f:parts(.) ! xs:decimal(value)) = xs:decimal(value)"/>
        <xsl:variable name="rule" select="
            if (f:is-within-whole(.)) then 'ects-kept-on-whole'
            else if ($equal) then 'ects-kept-on-parts'
            else 'ects-of-whole-differ'"/>
        <hub:finding register="{$register}" ref="{../identifier[1]}" rule="{$rule}"
            severity="{if ($rule = 'ects-kept-on-parts') then 'info' else 'warning'}"/>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:for-each select="1 to array:size($issuers)">
      <xsl:variable name="reports" select="$issuers(.)"/>
      <xsl:for-each select="$reports//learningOpportunitySpecification[f:is-repeated(., $reports)
          or specifies/learningOpportunityInstance/credit[not(f:leave-out(.))][f:is-counted-before(., $reports)]]">
        <hub:finding register="{f:register(.)}" ref="{specifies/learningOpportunityInstance/identifier[1]}"
            rule="credit-in-two-registers" severity="warning"/>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:for-each select="/hub:sources/hub:missing">
      <hub:finding register="{@register}" rule="register-missing" severity="warning"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:function name="f:register" as="xs:string">
    <xsl:param name="node" as="node()"/>
    <xsl:sequence select="string($node/ancestor::hub:source/@register)"/>
  </xsl:function>

  <!-- For a message: who said it, never what. -->
  <xsl:function name="f:name" as="xs:string">
    <xsl:param name="party" as="element()"/>
    <xsl:sequence select="if ($party/self::hub:request) then 'the request' else 'register ' || f:register($party)"/>
  </xsl:function>

  <xsl:function name="f:folded" as="xs:string">
    <xsl:param name="text" as="xs:string?"/>
    <xsl:sequence select="upper-case(normalize-space($text))"/>
  </xsl:function>

  <xsl:function name="f:values" as="xs:string*">
    <xsl:param name="party" as="element()"/>
    <xsl:param name="type" as="xs:string"/>
    <xsl:sequence select="$party/hub:identifier[@type = $type] ! f:folded(.)"/>
  </xsl:function>

  <!-- Birth dates without a zone. A national identifier is read as a Finnish one only if a Finnish source is involved. -->
  <xsl:function name="f:birth-dates" as="xs:date*">
    <xsl:param name="party" as="element()"/>
    <xsl:variable name="finnish" select="
        root($party)/hub:sources/hub:source[starts-with(@register, 'fi-') or hub:result/report/issuer/country = 'FI']"/>
    <xsl:sequence select="distinct-values((
        $party/hub:bday[normalize-space()] ! xs:date(substring(normalize-space(.), 1, 10)),
        $party[$finnish]/hub:identifier[@type = 'nationalIdentifier'] ! f:finnish-birth-date(.)))"/>
  </xsl:function>

  <!-- Whether a party names the learner, and in another way than the document. -->
  <xsl:function name="f:other-names" as="xs:boolean">
    <xsl:param name="party" as="element()"/>
    <xsl:variable name="names" select="($namer, root($party)/hub:sources/hub:request)[1]"/>
    <xsl:sequence select="
        ($party/hub:givenNames[normalize-space()] and f:folded($party/hub:givenNames) ne f:folded($names/hub:givenNames))
        or ($party/hub:familyName[normalize-space()] and f:folded($party/hub:familyName) ne f:folded($names/hub:familyName))"/>
  </xsl:function>

  <xsl:function name="f:issuer-type" as="xs:string">
    <xsl:param name="type" as="xs:string"/>
    <xsl:sequence select="if (lower-case($type) = ('schac', 'pic', 'erasmus', 'address')) then lower-case($type) else $type"/>
  </xsl:function>

  <xsl:function name="f:issuer-key" as="xs:string">
    <xsl:param name="identifier" as="element(identifier)"/>
    <xsl:sequence select="lower-case($identifier/@type || '|' || normalize-space($identifier))"/>
  </xsl:function>

  <!--
    Reports belong to one issuer if they share an identifier of it, also by way of a third report. What one register
    tells apart stays apart (two Finnish institutions have one SCHAC domain): a report that fits both goes to the one
    with which it shares more, or to neither.
  -->
  <xsl:function name="f:join-issuer" as="array(element(report)*)">
    <xsl:param name="issuers" as="array(element(report)*)"/>
    <xsl:param name="report" as="element(report)"/>
    <xsl:variable name="fitting" as="xs:integer*" select="
        (1 to array:size($issuers))
            [f:shared($issuers(.), $report) gt 0]
            [not($issuers(.) ! f:register(.) = f:register($report))]"/>
    <xsl:variable name="same" as="xs:integer*" select="
        for $one in $fitting
        return $one[every $other in $fitting[. ne $one] satisfies
            not($issuers($other) ! f:register(.) = ($issuers($one) ! f:register(.)))
            or f:shared($issuers($one), $report) gt f:shared($issuers($other), $report)]"/>
    <xsl:sequence select="
        if (empty($same)) then array:append($issuers, $report)
        else array:remove(
            array:put($issuers, $same[1], ($same ! $issuers(.), $report)),
            tail($same))"/>
  </xsl:function>

  <!-- How many identifiers an issuer shares with a report's. -->
  <xsl:function name="f:shared" as="xs:integer">
    <xsl:param name="reports" as="element(report)+"/>
    <xsl:param name="report" as="element(report)"/>
    <xsl:sequence select="
        count(distinct-values($reports/issuer/identifier ! f:issuer-key(.))[. = ($report/issuer/identifier ! f:issuer-key(.))])"/>
  </xsl:function>

  <!-- Grading schemes of two registers may bear one name: each gets its register's prefix. -->
  <xsl:function name="f:scale" as="xs:string">
    <xsl:param name="node" as="element()"/>
    <xsl:param name="localId" as="xs:string"/>
    <xsl:sequence select="f:register($node) || ':' || normalize-space($localId)"/>
  </xsl:function>

  <!-- What two registers call one credit; without an LOS id, an LOI id alone could be a number that both of them count. -->
  <xsl:function name="f:credit-key" as="xs:string?">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:variable name="loi" select="$los/specifies/learningOpportunityInstance"/>
    <xsl:sequence select="
        if (exists($los/identifier)) then string-join(($los/identifier[1], $loi/identifier[1]) ! f:folded(.), '|')
        else string-join(('', $loi/identifier[1], $los/title[1], $loi/date, $loi/credit[1]/value ! xs:decimal(.)) ! f:folded(string(.)), '|')
          [exists($loi/identifier) and exists($loi/date) and exists($los/title)]"/>
  </xsl:function>

  <!-- The same credit of the same issuer as a register before this one gave it; a pass is not repeated by anything else. -->
  <xsl:function name="f:given-before" as="element(learningOpportunitySpecification)*">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:param name="reports" as="element(report)+"/>
    <xsl:variable name="register" select="f:register($los)"/>
    <xsl:if test="count($sources) gt 1">
      <xsl:sequence select="
          f:credit-key($los) ! key('f:credit', ., root($los))
            [f:register(.) ne $register][. &lt;&lt; $los][ancestor::report[1] intersect $reports]
            [f:has-passed(.) or not(f:has-passed($los))]"/>
    </xsl:if>
  </xsl:function>

  <xsl:function name="f:has-passed" as="xs:boolean">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:sequence select="not($los/specifies/learningOpportunityInstance/status != 'passed')"/>
  </xsl:function>

  <!-- Whether it and all its parts were given before, so that nothing is lost without it. -->
  <xsl:function name="f:is-repeated" as="xs:boolean">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:param name="reports" as="element(report)+"/>
    <xsl:sequence select="exists(f:given-before($los, $reports))
        and (every $part in $los/hasPart/learningOpportunitySpecification satisfies f:is-repeated($part, $reports))"/>
  </xsl:function>

  <!-- Whether a register before this one gave the ects of this credit: at the same node, on parts of it, or on a whole. -->
  <xsl:function name="f:is-counted-before" as="xs:boolean">
    <xsl:param name="credit" as="element(credit)"/>
    <xsl:param name="reports" as="element(report)+"/>
    <xsl:variable name="los" select="$credit/ancestor::learningOpportunitySpecification[1]"/>
    <xsl:sequence select="count($sources) gt 1 and f:is-ects($credit) and (
        exists(f:given-before($los, $reports)/(. | .//hasPart/learningOpportunitySpecification)[key('f:keeps', generate-id(.))])
        or exists($credit/ancestor::learningOpportunitySpecification ! f:given-before(., $reports)
          /ancestor-or-self::learningOpportunitySpecification[key('f:keeps', generate-id(.))]))"/>
  </xsl:function>

  <xsl:function name="f:is-ects" as="xs:boolean">
    <xsl:param name="credit" as="element(credit)"/>
    <xsl:sequence select="lower-case(normalize-space($credit/scheme)) = 'ects'"/>
  </xsl:function>

  <xsl:function name="f:is-passed" as="xs:boolean">
    <xsl:param name="credit" as="element(credit)"/>
    <xsl:sequence select="not($credit/../status != 'passed')"/>
  </xsl:function>

  <!-- The passed ects credits below a credit's node that are kept: those that have none below them. -->
  <xsl:function name="f:parts" as="element(credit)*">
    <xsl:param name="credit" as="element(credit)"/>
    <xsl:variable name="los" select="$credit/ancestor::learningOpportunitySpecification[1]"/>
    <xsl:sequence select="f:ects-below($los)[f:is-passed(.)]
        [empty(f:ects-below(ancestor::learningOpportunitySpecification[1])[f:is-passed(.)])]"/>
  </xsl:function>

  <!-- The ects credits of a node itself. -->
  <xsl:function name="f:ects-of" as="element(credit)*">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:sequence select="$los/specifies/learningOpportunityInstance/credit[f:is-ects(.)][xs:decimal(value) ne 0]"/>
  </xsl:function>

  <xsl:function name="f:ects-below" as="element(credit)*">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:sequence select="$los/hasPart//credit[f:is-ects(.)][xs:decimal(value) ne 0]"/>
  </xsl:function>

  <xsl:function name="f:kept" as="element(credit)*">
    <xsl:param name="los" as="element(learningOpportunitySpecification)"/>
    <xsl:sequence select="f:ects-of($los)[not(f:leave-out(.))]"/>
  </xsl:function>

  <!-- Whether the credit's node is not passed and stands in a passed whole with ects and without a passed part that has any. -->
  <xsl:function name="f:is-within-whole" as="xs:boolean">
    <xsl:param name="credit" as="element(credit)"/>
    <xsl:sequence select="not(f:is-passed($credit)) and exists(
        $credit/ancestor::learningOpportunitySpecification[position() gt 1] ! key('f:whole', generate-id(.)))"/>
  </xsl:function>

  <!--
    ELMO 1.7, credit/scheme: a node with ects has none above or below it. Credits stay on the parts, since courses are
    what a target recognises; but a passed whole gives way to passed parts only, or what was earned would be lost. No
    credits at all (0) give way to any.
  -->
  <xsl:function name="f:leave-out" as="xs:boolean">
    <xsl:param name="credit" as="element(credit)"/>
    <xsl:variable name="los" select="$credit/ancestor::learningOpportunitySpecification[1]"/>
    <xsl:sequence select="f:is-ects($credit) and (
        if (xs:decimal($credit/value) = 0) then
          exists($los/hasPart//credit[f:is-ects(.)])
          or exists($los/ancestor::learningOpportunitySpecification ! key('f:keeps', generate-id(.)))
        else
          exists(f:ects-below($los)[f:is-passed(.) or not(f:is-passed($credit))])
          or f:is-within-whole($credit))"/>
  </xsl:function>
</xsl:stylesheet>
